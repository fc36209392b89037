// For tests: this module in a real house, with a migrated database, the real doors it uses, and the sandbox as Todoist.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { fromBinary } from '@bufbuild/protobuf'
import { timestampMs } from '@bufbuild/protobuf/wkt'
import type { Auth } from '@oo/auth'
import { createEvents } from '@oo/events'
import {
  changed,
  closePool,
  frozenClock,
  type Keyring,
  newId,
  openJobs,
  openPool,
  silentLog,
  systemRandom,
  transaction,
} from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import { createProfile } from '@oo/profile'
import { demoGoogleApp, demoTodoistApp, startSandbox } from '@oo/sandbox'
import type { operations } from '@oo/shared-types'
import { EnvelopeSchema } from '@oo/shared-types/events'
import type { Request } from '@oo/shared-types/handlers'
import { sql } from 'drizzle-orm'
import { createIntegrations, type IntegrationsSettings } from './index.ts'
import { grantFor } from './store.ts'
import { grantPlace, openVault } from './vault.ts'

const origin = 'http://localhost:3000'

export type House = Awaited<ReturnType<typeof openHouse>>
export type Someone = { id: string; sessionId: string; email: string }

/** `reachedAt`: where Google may tell of changes; else it cannot. `googleBehind` puts something before the sandbox. */
export type HouseSettings = Pick<IntegrationsSettings, 'caldavInnerHosts'> & {
  reachedAt?: string
  googleBehind?: (sandboxUrl: string) => Promise<string>
}

export async function openHouse({ reachedAt, googleBehind, ...more }: HouseSettings = {}) {
  const database = await createTestDatabase()
  const sandbox = await startSandbox({ auto: true, origins: [origin] })
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
  const clock = frozenClock(new Date())
  const jobs = openJobs(db, { log: silentLog })
  const ctx = { db, clock, random: systemRandom, log: silentLog, jobs }
  const events = createEvents(ctx)
  const secret = 'a secret of this test that is long enough'
  const keyring: Keyring = { active: 'k1', keys: new Map([['k1', randomBytes(32)]]) }
  const profile = createProfile(
    { ...ctx, events: events.door, auth: noAuth },
    { secret },
    { exporters: () => [] },
  )
  const given = { ...ctx, events: events.door, profiles: profile.door }
  const todoist = { ...demoTodoistApp, baseUrl: `${sandbox.url}/todoist` }
  const googleCalendar = {
    ...demoGoogleApp,
    baseUrl: `${(await googleBehind?.(sandbox.url)) ?? sandbox.url}/google`,
    ...(reachedAt !== undefined && { reachedAt }),
  }
  const settings = { secret, keyring, todoist, googleCalendar, ...more }
  const main = createIntegrations(given, settings)
  // The past is read where a test says so: elsewhere it would come between the requests that are counted.
  const idle = async () => {}
  await jobs.start(
    (main.module.jobs ?? []).map(job =>
      job.name === 'integrations.read-past' ? { ...job, run: idle } : job,
    ),
  )
  let people = 0

  async function control<T>(path: string, body?: object): Promise<T> {
    const init = body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }
    const response = await fetch(`${sandbox.url}/control/${path}`, init)
    const answer = await response.text()
    assert.ok(response.ok, answer)
    return JSON.parse(answer)
  }

  // A process has a log of its own to listen to; here nobody reads it.
  const elsewhere = () => ({ ...given, events: createEvents(given).door })
  const house = {
    db,
    clock,
    events,
    profile,
    settings,
    sandbox,
    control,
    ...main,
    superUrl: database.superUrl,
    /** Another process of the same instance: its own memory, breaker and flights. */
    another: (change: Partial<typeof todoist> = {}) =>
      createIntegrations(elsewhere(), { ...settings, todoist: { ...todoist, ...change } }),
    withoutTodoist: () => createIntegrations(elsewhere(), { secret, keyring }),

    /** A person with a card, as sign-in leaves one behind. */
    async person(email = `person${++people}@example.test`, timeZone = 'Europe/Berlin'): Promise<Someone> {
      const id = newId(ctx)
      const sealed = Buffer.from('sealed')
      await db.$client.query(
        'INSERT INTO profile.cards (person_id, name, email, email_hash, time_zone, created_at) VALUES ($1, $2, $2, $2, $3, now())',
        [id, sealed, timeZone],
      )
      return { id, sessionId: newId(ctx), email }
    },

    /** As a browser walks it: away to the provider, and back with what it gave. */
    async connect(
      someone: Someone,
      {
        next,
        through = main,
        source: id = 'todoist',
        change,
      }: { next?: string; through?: typeof main; source?: string; change?: (away: URL) => void } = {},
    ) {
      const { handlers } = through.module
      const begun = await handlers.connect(
        requestBy(someone, { params: { id }, query: next ? { next } : {}, cookies: {} }),
      )
      const away = new URL(begun.location ?? '')
      away.searchParams.set('login_hint', someone.email)
      change?.(away)
      const provider = await fetch(away, { redirect: 'manual' })
      const back = new URL(provider.headers.get('location') ?? '')
      const cookies = { oo_connect: begun.cookies?.[0]?.value }
      const query = Object.fromEntries(back.searchParams)
      const asked = requestBy<'connectCallback'>(someone, { params: { id }, query, cookies })
      return { begun, away, back, cookies, query, done: await handlers.connectCallback(asked) }
    },

    list: async (someone: Someone, through = main, id = 'todoist') => {
      const asked = requestBy<'listIntegrations'>(someone, {})
      const { integrations } = (await through.module.handlers.listIntegrations(asked)).body
      const row = integrations.find(one => one.id === id)
      assert.ok(row)
      return row
    },

    /** The person's id at the provider, as the vault keeps it. */
    async accountOf(someone: Someone): Promise<string> {
      const grant = await grantFor(db, someone.id, 'todoist')
      assert.ok(grant)
      return openVault(keyring, systemRandom).open(grant, grantPlace(grant)).account
    },

    disconnect: (someone: Someone, id = 'todoist') =>
      main.module.handlers.disconnect(requestBy<'disconnect'>(someone, { params: { id } })),

    fault: (mode: string, more: { target?: string; ms?: number; count?: number; reason?: string } = {}) =>
      control('faults', { target: 'todoist', mode, ...more }),

    /** Only this person's account misbehaves. */
    troubleFor: ({ email }: Someone, mode: 'none' | 'hang' | 'garbage') =>
      control(`todoist/${email}/trouble`, { mode }),

    addTask: (someone: Someone, task: object) =>
      control<{ id: string }>(`todoist/${someone.email}/tasks`, task),

    /** What a person's account was asked for, of the provider's quota. */
    spent: async ({ email }: Someone) =>
      (await control<{ all: { whole: number; partial: number } }>(`todoist/${email}/requests`)).all,

    look: ({ id: personId }: Someone, through = main) =>
      through.looks.at({ personId, source: 'todoist', signal: AbortSignal.timeout(10_000) }),

    /** The completions that were told, in order. */
    async told({ id }: Someone) {
      const told = await db.$client.query<{ envelope: Buffer }>(
        `SELECT envelope FROM events.log WHERE person_id = $1 AND subject = 'signals.task.completed' ORDER BY xid, seq`,
        [id],
      )
      return told.rows.flatMap(({ envelope }) => {
        const { payload } = fromBinary(EnvelopeSchema, envelope)
        if (payload.case !== 'taskCompleted') return []
        const { externalId, completedAt } = payload.value
        return [{ externalId, atMs: completedAt && timestampMs(completedAt) }]
      })
    },

    liveGrants: async (someone: Someone) =>
      (await control<{ live: number }>(`todoist/${someone.email}/grants`)).live,

    refreshes: async (someone: Someone) =>
      (await control<{ grants: { refreshes: number }[] }>(`todoist/${someone.email}/grants`)).grants.map(
        grant => grant.refreshes,
      ),

    /** How often the provider was asked for a path. */
    async asked(path: string): Promise<number> {
      const { requests } = await control<{ requests: { path: string }[] }>('log')
      return requests.filter(request => request.path.endsWith(path)).length
    },

    withdrawSync: (someone: Someone, purpose: 'sync' | 'calendar' = 'sync') =>
      profile.module.handlers.putConsent(
        requestBy<'putConsent'>(someone, {
          body: { purpose, version: '1', granted: false },
        }),
      ),

    allowSync: ({ id }: Someone) => transaction(db, tx => profile.door.agree(tx, id, 'sync')),

    /** As the profile module says it. */
    changeZone: ({ id }: Someone, timeZone: string) =>
      transaction(db, async tx => {
        changed(tx, 'profile.wishes', id)
        await tx.execute(sql`UPDATE profile.cards SET time_zone = ${timeZone} WHERE person_id = ${id}`)
        await events.door.append(tx, id, { case: 'timeZoneChanged', value: { moved: true } })
      }),
    erase: (someone: Someone) => transaction(db, async tx => main.module.eraser?.erase(tx, someone.id)),

    rows: async (text: string, values: unknown[] = []) => (await db.$client.query(text, values)).rows,

    async stop() {
      await jobs.stop()
      await closePool(db)
      await Promise.all([database.drop(), sandbox.stop()])
    },
  }
  return house
}

export function requestBy<Id extends keyof operations>(
  someone: Someone,
  asked: Partial<Request<Id>>,
): Request<Id> {
  const rest: Omit<Request<keyof operations>, 'params' | 'query' | 'cookies' | 'body'> = {
    actor: { sessionId: someone.sessionId, personId: someone.id, role: 'person' },
    origin,
    url: new URL(origin),
    device: 'test',
    requestId: 'test',
    signed: undefined,
    lastEventId: undefined,
  }
  return whole<Id>({ params: {}, query: {}, cookies: {}, body: undefined, ...rest, ...asked })
}

/** `asked` and the fields above are all a request has; the generic body type cannot see that. */
const whole = <Id extends keyof operations>(request: object): Request<Id> =>
  Object.assign(Object.create(null), request)

const unused = async () => {
  throw new Error('nothing in these tests asks auth')
}
const noAuth: Auth = {
  authenticate: unused,
  sealer: unused,
  requestErasure: unused,
  receipt: unused,
  eraseAgain: unused,
}
