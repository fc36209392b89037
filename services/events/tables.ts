import { bytes, instant } from '@oo/kernel'
import { bigint, customType, integer, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'

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
  table => [primaryKey({ columns: [table.xid, table.seq, table.at] })],
)

export const applied = events.table(
  'applied',
  {
    subscriber: text().notNull(),
    eventId: uuid('event_id').notNull(),
    at: instant('at').notNull(),
  },
  table => [primaryKey({ columns: [table.eventId, table.subscriber, table.at] })],
)

export const held = events.table(
  'held',
  {
    subscriber: text().notNull(),
    eventId: uuid('event_id').notNull(),
    personId: uuid('person_id'),
    at: instant('at').notNull(),
    xid: xid8().notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    tries: integer().notNull(),
    triedAt: instant('tried_at'),
    nextTryAt: instant('next_try_at'),
    reason: text(),
  },
  table => [primaryKey({ columns: [table.subscriber, table.eventId] })],
)

export const places = events.table('places', {
  subscriber: text().primaryKey(),
  xid: xid8().notNull(),
  seq: bigint({ mode: 'number' }).notNull(),
  subjects: text().array().notNull().default([]),
  owner: text(),
  leasedUntil: instant('leased_until'),
  takenAt: instant('taken_at'),
  seenAt: instant('seen_at').notNull().defaultNow(),
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
