// For tests: this module in a real house, with a migrated database, the real doors it uses, the sandbox as Todoist and
// a real ml. The clock stands still, also the sandbox's; jobs and the rounds of the sweep are run by hand.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuth } from '@oo/auth'
import { createEvents } from '@oo/events'
import { createIntegrations } from '@oo/integrations'
import {
  closePool,
  frozenClock,
  type Keyring,
  newId,
  openPool,
  seededRandom,
  silentLog,
  transaction,
  wrapKey,
} from '@oo/kernel'
import { createTestDatabase, freePort, startChild, waitUntilReady } from '@oo/local'
import { createProfile } from '@oo/profile'
import { demoTodoistApp, startSandbox } from '@oo/sandbox'
import type { operations } from '@oo/shared-types'
import type { Request } from '@oo/shared-types/handlers'
import pg from 'pg'
import { createRecommender } from './index.ts'

const origin = 'http://localhost:3000'
const root = join(import.meta.dirname, '../..')

export interface Someone {
  id: string
  email: string
}

export type House = Awaited<ReturnType<typeof openHouse>>

interface Given {
  at: string
  seed: number
  policy?: string
  shadow: string
}

export async function openHouse({ at, seed, policy = 'urgency', shadow }: Given) {
  const folder = mkdtempSync(join(tmpdir(), 'oo-recommender-'))
  const database = await createTestDatabase()
  const clock = frozenClock(at)
  const zone = 'Europe/Berlin'
  const nameLife = () => String(seed)
  const sandbox = await startSandbox({
    auto: true,
    origins: [origin],
    now: () => clock.now(),
    zone,
    nameLife,
  })
  // Keys decide too: which moments are held back, and by which sketch a like is known.
  const keys = seededRandom(seed)
  const secretOfMl = keys.bytes(32).toString('hex')
  const ml = await startMl({ databaseUrl: database.url('oo_ml'), secret: secretOfMl, folder, policy, shadow })
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
  const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
  const ctx = { db, clock, random: seededRandom(seed), log: silentLog, jobs }
  const events = createEvents(ctx)
  const secret = 'a secret of this test that is long enough'
  const keyring: Keyring = { active: '1', keys: new Map([['1', keys.bytes(32)]]) }
  const { door: auth } = createAuth(
    { ...ctx, events: events.door },
    { secret, keyring, providers: [], origins: [origin], erasureLedger: join(folder, 'erased-people.jsonl') },
    { welcome: (tx, newcomer) => profile.door.welcome(tx, newcomer), erasers: () => [] },
  )
  const withAuth = { ...ctx, events: events.door, auth }
  const profile = createProfile(withAuth, { secret }, { exporters: () => [] })
  const given = { ...withAuth, profiles: profile.door }
  const todoist = { ...demoTodoistApp, baseUrl: `${sandbox.url}/todoist` }
  const integrations = createIntegrations(given, { secret, keyring, todoist })
  const recommender = createRecommender(
    { ...given, integrations: integrations.door },
    { ml: { url: ml.url, secret: ml.secret, timeoutMs: 5_000 } },
  )
  const handlers = { ...profile.module.handlers, ...recommender.module.handlers }
  const jobsThere = [...(integrations.module.jobs ?? []), ...(recommender.module.jobs ?? [])]
  const owner = new pg.Client({ connectionString: database.superUrl })
  await owner.connect()
  await events.drain()

  return {
    ...{ ctx, clock, events, handlers, owner },
    recommender: recommender.door,
    stopMl: () => ml.stop(),

    async person(email: string): Promise<Someone> {
      const id = newId(ctx)
      const key = wrapKey(keyring, keys.bytes(32), `auth.person_keys.wrapped:${id}`)
      await transaction(db, async tx => {
        await tx.$client.query('INSERT INTO auth.people (id, created_at) VALUES ($1, now())', [id])
        await tx.$client.query(
          'INSERT INTO auth.person_keys (person_id, kek_id, wrapped, created_at) VALUES ($1, $2, $3, now())',
          [id, key.kekId, key.wrapped],
        )
        await profile.door.welcome(tx, { personId: id, name: 'Ada', email, emailVerified: true })
      })
      return { id, email }
    },

    /** As a browser walks it: away to the provider, and back with what it gave. */
    async connect(someone: Someone): Promise<void> {
      const { connect, connectCallback } = integrations.module.handlers
      const begun = await connect(requestBy<'connect'>(someone, { params: { id: 'todoist' } }))
      const away = new URL(begun.location ?? '')
      away.searchParams.set('login_hint', someone.email)
      const provider = await fetch(away, { redirect: 'manual' })
      const back = new URL(provider.headers.get('location') ?? '')
      const cookies = { oo_connect: begun.cookies?.[0]?.value }
      const query = Object.fromEntries(back.searchParams)
      await connectCallback(
        requestBy<'connectCallback'>(someone, { params: { id: 'todoist' }, query, cookies }),
      )
    },

    /** What is open is at hand, however slow this machine is: a decision waits for it less than a second. */
    async readTasks({ id }: Someone): Promise<void> {
      await integrations.door.openTasks(id, { waitMs: 10_000 })
    },

    async control<T>(path: string, body?: object): Promise<T> {
      const headers = { 'content-type': 'application/json' }
      const init = body && { method: 'POST', body: JSON.stringify(body), headers }
      const answer = await fetch(`${sandbox.url}/control/${path}`, init)
      const text = await answer.text()
      assert.ok(answer.ok, text)
      return JSON.parse(text)
    },

    /** What a person did in their app is noticed now. */
    look: ({ id: personId }: Someone) =>
      integrations.looks.at({ personId, source: 'todoist', signal: AbortSignal.timeout(10_000) }),

    /** Runs a job now, as its worker will when its time has come. */
    async runJob(name: string, data: Record<string, string>): Promise<void> {
      const job = jobsThere.find(one => one.name === name)
      assert.ok(job, `there is no job ${name}`)
      await job.run(data, AbortSignal.timeout(10_000))
    },

    async askMl(path: string, body: object): Promise<void> {
      const answer = await fetch(`${ml.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-oo-secret': ml.secret },
        body: JSON.stringify(body),
      })
      assert.ok(answer.ok, await answer.text())
    },

    rows: async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows,

    async stop(): Promise<void> {
      await owner.end()
      await recommender.module.stop?.()
      await ml.stop()
      await closePool(db)
      await Promise.all([sandbox.stop(), database.drop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startMl(settings: {
  databaseUrl: string
  secret: string
  folder: string
  policy: string
  shadow: string
}) {
  const { secret } = settings
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const plan = {
    name: 'ml',
    command: join(root, '.venv/bin/python'),
    args: ['-m', 'ml.serving'],
    cwd: root,
    env: {
      PATH: process.env.PATH,
      OO_ML_PORT: String(port),
      ML_SHARED_SECRET: secret,
      OO_ML_DATABASE_URL: settings.databaseUrl,
      OO_ML_POLICY: settings.policy,
      OO_ML_SHADOWS: settings.shadow,
    },
    readyUrl: `${url}/health`,
    readyWithinMs: 20_000,
    after: [],
  }
  const log = join(settings.folder, 'ml.log')
  const child = startChild(plan, log)
  await waitUntilReady(plan, child, log, AbortSignal.timeout(20_000))
  return { url, secret, stop: () => child.stop() }
}

type Asked<Id extends keyof operations> = Partial<Pick<Request<Id>, 'params' | 'query' | 'cookies' | 'body'>>

export function requestBy<Id extends keyof operations>(someone: Someone, asked: Asked<Id> = {}): Request<Id> {
  const actor = { sessionId: someone.id, personId: someone.id, role: 'person' as const }
  const rest = { actor, origin, url: new URL(origin), device: 'test', requestId: 'test' }
  return whole<Id>({ params: {}, query: {}, cookies: {}, body: undefined, ...rest, ...asked })
}

/** The fields above are all a request has; the generic body type cannot see that. */
const whole = <Id extends keyof operations>(request: object): Request<Id> =>
  Object.assign(Object.create(null), request)
