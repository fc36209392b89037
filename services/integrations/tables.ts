import { bytes, instant } from '@oo/kernel'
import { doublePrecision, integer, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'

const integrations = pgSchema('integrations')

const envelope = {
  kekId: text('kek_id').notNull(),
  wrappedKey: bytes('wrapped_key').notNull(),
  tokens: bytes().notNull(),
}

export const grants = integrations.table('grants', {
  id: uuid().primaryKey(),
  personId: uuid('person_id').notNull(),
  provider: text().notNull(),
  state: text({ enum: ['connected', 'reconnect'] })
    .notNull()
    .default('connected'),
  version: integer().notNull().default(1),
  ...envelope,
  connectedAt: instant('connected_at').notNull(),
  accountHash: bytes('account_hash'),
  looks: integer().notNull().default(0),
  lookedAt: instant('looked_at'),
  readAt: instant('read_at'),
})

export const openItems = integrations.table(
  'open_items',
  {
    personId: uuid('person_id').notNull(),
    provider: text().notNull(),
    externalId: text('external_id').notNull(),
    askedAt: instant('asked_at'),
  },
  table => [primaryKey({ columns: [table.personId, table.provider, table.externalId] })],
)

export const deliveries = integrations.table(
  'deliveries',
  {
    provider: text().notNull(),
    id: text().notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  table => [primaryKey({ columns: [table.provider, table.id] })],
)

export const signals = integrations.table(
  'signals',
  {
    personId: uuid('person_id').notNull(),
    type: text({ enum: ['mood', 'sleep', 'place', 'visible', 'idle', 'busy'] }).notNull(),
    source: text().notNull(),
    value: doublePrecision(),
    placeId: uuid('place_id'),
    measuredAt: instant('measured_at').notNull(),
    heardAt: instant('heard_at').notNull(),
  },
  table => [primaryKey({ columns: [table.personId, table.type, table.source] })],
)

export const revocations = integrations.table('revocations', {
  id: uuid().primaryKey(),
  provider: text().notNull(),
  ...envelope,
  attempts: integer().notNull().default(0),
  discardAt: instant('discard_at').notNull(),
})
