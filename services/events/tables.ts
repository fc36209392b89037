import { bytes, instant } from '@oo/kernel'
import { bigint, customType, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'

const events = pgSchema('events')

/** A 64-bit transaction id, kept as the text PostgreSQL writes it. */
const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' })

export const log = events.table(
  'log',
  {
    seq: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    xid: xid8().notNull(),
    id: uuid().notNull(),
    subject: text().notNull(),
    personId: uuid('person_id'),
    at: instant('at').notNull(),
    envelope: bytes().notNull(),
  },
  table => [primaryKey({ columns: [table.xid, table.seq] })],
)

export const places = events.table('places', {
  subscriber: text().primaryKey(),
  xid: xid8().notNull(),
  seq: bigint({ mode: 'number' }).notNull(),
})

export const dead = events.table(
  'dead',
  {
    subscriber: text().notNull(),
    eventId: uuid('event_id').notNull(),
    personId: uuid('person_id'),
    reason: text().notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  table => [primaryKey({ columns: [table.subscriber, table.eventId] })],
)
