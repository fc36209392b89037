// For tests: this module in a real house, with a migrated database and the real doors it uses.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { createAuth } from '@oo/auth'
import { createEvents } from '@oo/events'
import {
  closePool,
  type Exporter,
  frozenClock,
  type Keyring,
  newId,
  openPool,
  Problem,
  silentLog,
  systemRandom,
  transaction,
  wrapKey,
} from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import type { operations } from '@oo/shared-types'
import { EnvelopeSchema } from '@oo/shared-types/events'
import type { Request } from '@oo/shared-types/handlers'
import pg from 'pg'
import { createProfile } from './index.ts'

const origin = 'http://localhost:3000'
export const secret = 'a secret of this test that is long enough'

export interface Someone {
  id: string
  name: string
  email: string
}

export async function openHouse() {
  const database = await createTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'oo-profile-'))
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
  const clock = frozenClock('2026-03-02T09:30:00Z')
  const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
  const ctx = { db, clock, random: systemRandom, log: silentLog, jobs }
  const events = createEvents(ctx)
  const keyring: Keyring = { active: '1', keys: new Map([['1', randomBytes(32)]]) }
  const { door: auth } = createAuth(
    { ...ctx, events: events.door },
    { secret, keyring, providers: [], origins: [origin], erasureLedger: join(folder, 'erased-people.jsonl') },
    {
      welcome: (tx, newcomer) => main.door.welcome(tx, newcomer),
      erasers: () => (main.module.eraser ? [{ module: 'profile', eraser: main.module.eraser }] : []),
    },
  )
  const exporters: { module: string; exporter: Exporter }[] = []
  const build = () =>
    createProfile(
      { ...ctx, events: events.door, auth },
      { secret, exporterTimeoutMs: 200 },
      { exporters: () => exporters },
    )
  const main = build()
  exporters.push({ module: 'profile', exporter: exporterOf(main) })
  const owner = new pg.Client({ connectionString: database.superUrl })
  await owner.connect()
  let people = 0

  return {
    ctx,
    db,
    clock,
    auth,
    events,
    exporters,
    owner,
    ...main,
    /** Another process of the same instance: its own memory. */
    another: build,

    /** A person as the first sign-in makes one: auth's rows, and the welcome in the same transaction. */
    async person(more: Partial<Someone> = {}): Promise<Someone> {
      people += 1
      const someone = { id: newId(ctx), name: `Ada ${people}`, email: `ada${people}@example.test`, ...more }
      const { id: personId, name, email } = someone
      const key = wrapKey(keyring, randomBytes(32), `auth.person_keys.wrapped:${personId}`)
      await transaction(db, async tx => {
        await tx.$client.query('INSERT INTO auth.people (id, created_at) VALUES ($1, now())', [personId])
        await tx.$client.query(
          'INSERT INTO auth.person_keys (person_id, kek_id, wrapped, created_at) VALUES ($1, $2, $3, now())',
          [personId, key.kekId, key.wrapped],
        )
        await main.door.welcome(tx, { personId, name, email, emailVerified: true })
      })
      return someone
    },

    rows: async (text: string, values: unknown[] = []) => (await db.$client.query(text, values)).rows,

    /** What happened to a person, without the welcome. */
    async happened(someone: Someone) {
      const rows = await db.$client.query<{ envelope: Buffer }>(
        'SELECT envelope FROM events.log WHERE person_id = $1 ORDER BY seq',
        [someone.id],
      )
      return rows.rows.map(row => fromBinary(EnvelopeSchema, row.envelope).payload).slice(1)
    },

    async stop() {
      await owner.end()
      await closePool(db)
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function exporterOf(parts: ReturnType<typeof createProfile>): Exporter {
  assert.ok(parts.module.exporter)
  return parts.module.exporter
}

type Asked<Id extends keyof operations> = Partial<Pick<Request<Id>, 'params' | 'body'>>

export function requestBy<Id extends keyof operations>(someone: Someone, asked: Asked<Id> = {}): Request<Id> {
  return whole<Id>({
    params: {},
    query: {},
    cookies: {},
    body: undefined,
    actor: { sessionId: someone.id, personId: someone.id, role: 'person' },
    origin,
    url: new URL(origin),
    device: 'test',
    requestId: 'test',
    ...asked,
  })
}

/** The fields above are all a request has; the generic body type cannot see that. */
const whole = <Id extends keyof operations>(request: object): Request<Id> =>
  Object.assign(Object.create(null), request)

/** The problem that a verb refuses with; anything else is passed on. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (outcome instanceof Problem) return outcome
  throw outcome ?? new Error('it was not refused')
}
