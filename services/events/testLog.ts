// A log of its own for a test file: a migrated database, a clock that stands still, and tries that follow at once.
import {
  type Ctx,
  closePool,
  frozenClock,
  newId,
  openPool,
  silentLog,
  systemRandom,
  transaction,
} from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import type { Envelope } from '@oo/shared-types/events'
import { createEvents, type Events, type EventsSettings, type Subscriber } from './index.ts'

/** Tries follow one another in a few milliseconds. */
export const quickly = { firstMs: 1, mostMs: 4, tries: 3 }

export async function openTestLog() {
  const database = await createTestDatabase()
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 20 })
  const clock = frozenClock('2026-03-01T10:00:00Z')
  const ctx: Ctx = {
    db,
    clock,
    random: systemRandom,
    log: silentLog,
    jobs: { enqueue: async () => {}, enqueueAll: async () => {} },
  }
  const person = () => newId(ctx)
  return {
    database,
    db,
    clock,
    ctx,
    person,
    open: (settings: EventsSettings = {}) => createEvents(ctx, { retries: quickly, ...settings }),
    show: (door: Events, tipId: string, personId = person()) =>
      transaction(db, tx => door.append(tx, personId, shown(tipId))),
    async rows<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
      return (await db.$client.query<Row>(text, values)).rows
    },
    clear: () =>
      db.$client.query(
        'DELETE FROM events.log; DELETE FROM events.places; DELETE FROM events.dead; DELETE FROM events.held; DELETE FROM events.applied',
      ),
    async close() {
      await closePool(db)
      await database.drop()
    },
  }
}

export const shown = (tipId: string) => ({ case: 'tipShown', value: { tipId, decisionId: 'd' } }) as const

export const tipOf = ({ payload }: Envelope): string =>
  payload.case === 'tipShown' ? payload.value.tipId : ''

/** Remembers, in memory, the tips it was told of. */
export function collector(name = 'collector'): Subscriber & { seen: string[] } {
  const seen: string[] = []
  return {
    name,
    subjects: ['signals.tip.shown'],
    handle: async (_tx, event) => void seen.push(tipOf(event)),
    seen,
  }
}
