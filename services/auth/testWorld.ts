// What auth's tests stand on: a database of their own, a provider, a browser that keeps its cookies.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEvents } from '@oo/events'
import { closePool, frozenClock, type JobToDo, openPool, seededRandom, silentLog, type Tx } from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import { demoClient } from '@oo/sandbox'
import type { Answer, Cookie, Request } from '@oo/shared-types/handlers'
import { contextOf } from './context.ts'
import {
  type AuthHooks,
  type AuthSettings,
  createAuth,
  type Newcomer,
  type ProviderSettings,
} from './index.ts'
import type { AuthHandlers } from './routes.ts'

export const origin = 'http://localhost:3000'
export const consoleOrigin = 'http://localhost:3001'
export const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

const keyring = { active: '1', keys: new Map([['1', Buffer.alloc(32, 7)]]) }

export type World = Awaited<ReturnType<typeof openWorld>>

export const demoProvider = (issuer: string): ProviderSettings => ({
  id: 'demo',
  name: 'Demo',
  issuer,
  clientId: demoClient.id,
  clientSecret: demoClient.secret,
  allowHttp: true,
})

export async function openWorld() {
  const database = await createTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'oo-auth-'))
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 8 })
  // Every connection is open beforehand: who has to open one first does not run at the same time as the others.
  await Promise.all(Array.from({ length: 8 }, () => db.$client.query('SELECT 1')))
  const clock = frozenClock(new Date())
  const queue: { name: string; data: Record<string, string> }[] = []
  const jobs = {
    enqueue: async (_tx: unknown, name: string, data: Record<string, string>) => {
      queue.push({ name, data })
    },
    enqueueAll: async (_tx: unknown, name: string, all: readonly JobToDo[]) => {
      queue.push(...all.map(({ data }) => ({ name, data })))
    },
  }
  const ctx = { db, clock, random: seededRandom(20), log: silentLog, jobs }
  const events = createEvents(ctx)
  const welcomed: Newcomer[] = []
  const welcome = async (_tx: Tx, newcomer: Newcomer) => {
    welcomed.push(newcomer)
  }
  const withEvents = { ...ctx, events: events.door }
  return {
    ctx: withEvents,
    clock,
    db,
    queue,
    welcomed,
    /** A process of its own: nothing in memory, the same database. */
    start(settings: Partial<AuthSettings> = {}, hooks: Partial<AuthHooks> = {}) {
      const all: AuthSettings = {
        secret: 'a secret of the tests, long enough to be one',
        keyring,
        providers: [],
        origins: [origin, consoleOrigin],
        erasureLedger: join(folder, 'erased-people.jsonl'),
        ...settings,
      }
      const hooked = { welcome, erasers: () => [], ...hooks }
      return {
        ...createAuth(withEvents, all, hooked),
        /** For a test that calls a verb itself; its memory is its own. */
        own: contextOf(withEvents, all, hooked),
      }
    },
    async subjects(): Promise<string[]> {
      const { rows } = await db.$client.query('SELECT subject FROM events.log ORDER BY seq')
      return rows.map(row => row.subject)
    },
    async count(table: string, where = 'true'): Promise<number> {
      const { rows } = await db.$client.query(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`)
      return rows[0].n
    },
    async empty() {
      await db.$client.query('DELETE FROM auth.people; DELETE FROM auth.sessions; DELETE FROM auth.receipts')
      await db.$client.query('DELETE FROM auth.admin_seed; DELETE FROM events.log; DELETE FROM events.places')
      queue.length = 0
      welcomed.length = 0
      clock.set(new Date())
    },
    async close() {
      await closePool(db)
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Auth = Pick<ReturnType<World['start']>, 'door' | 'module'>

/** Calls a handler as the gateway does; what its operation does not read may be left out. */
export async function ask<Id extends keyof AuthHandlers>(
  auth: Auth,
  id: Id,
  parts: Partial<Request<Id>> = {},
): Promise<Answer<Id>> {
  const blank = { actor: null, params: {}, query: {}, cookies: {}, device: firefox, requestId: 'test' }
  const request = { ...blank, origin, url: new URL(origin), body: undefined, ...parts }
  return Reflect.apply(auth.module.handlers[id], undefined, [request])
}

/** A browser at one of our addresses: its cookies are ours, the provider's are kept apart. */
export function openBrowser(auth: Auth, at = origin) {
  const cookies: Record<string, string | undefined> = {}
  const keep = (set: readonly Cookie[] = []) => {
    for (const { name, value } of set) {
      if (value === '') delete cookies[name]
      else cookies[name] = value
    }
  }
  const browser = {
    cookies,
    keep,
    async login(query: { next?: string; login_hint?: string } = {}, provider = 'demo'): Promise<string> {
      const url = new URL(`${at}/api/auth/login/${provider}`)
      const answer = await ask(auth, 'login', { origin: at, cookies, params: { provider }, query, url })
      keep(answer.cookies)
      return answer.location ?? ''
    },
    async callback(address: string, provider = 'demo'): Promise<string> {
      const url = new URL(address)
      const answer = await ask(auth, 'loginCallback', { origin: at, cookies, params: { provider }, url })
      keep(answer.cookies)
      return answer.location ?? ''
    },
    /** The whole way: to the provider, through its pages, and back. */
    async signIn(query: { next?: string; login_hint?: string } = {}): Promise<string> {
      return browser.callback(await throughProvider(await browser.login(query)))
    },
    actor: () => auth.door.authenticate(cookies.sid),
  }
  return browser
}

/** Follows a provider's redirects, as a browser does, until it sends the person back to us. */
export async function throughProvider(start: string): Promise<string> {
  const jar = new Map<string, string>()
  let url = start
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      signal: AbortSignal.timeout(5_000),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = answer.headers.get('location')
    if (!location) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`)
    url = new URL(location, url).href
    if ([origin, consoleOrigin].includes(new URL(url).origin)) return url
  }
  throw new Error('the provider redirects in circles')
}
