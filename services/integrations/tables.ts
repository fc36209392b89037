import { bytes, instant } from '@oo/kernel'
import type { components } from '@oo/shared-types'
import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'

const integrations = pgSchema('integrations')

type IngressType = components['schemas']['IngressType']

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
  lookAt: instant('look_at'),
  lookingUntil: instant('looking_until'),
  rests: boolean().notNull().default(false),
  lookFailures: integer('look_failures').notNull().default(0),
  askNotBefore: instant('ask_not_before'),
  changesMark: text('changes_mark'),
  readWholeAt: instant('read_whole_at'),
})

export const openItems = integrations.table(
  'open_items',
  {
    personId: uuid('person_id').notNull(),
    provider: text().notNull(),
    externalId: text('external_id').notNull(),
    askedAt: instant('asked_at'),
    nextDue: text('next_due'),
    toldUntil: instant('told_until'),
  },
  table => [primaryKey({ columns: [table.personId, table.provider, table.externalId] })],
)

export const past = integrations.table(
  'past',
  {
    personId: uuid('person_id').notNull(),
    provider: text().notNull(),
    weekday: smallint().notNull(),
    hour: smallint().notNull(),
    priority: smallint().notNull(),
    effort: smallint().notNull(),
    recurring: boolean().notNull(),
    times: integer().notNull(),
  },
  table => [
    primaryKey({
      columns: [
        table.personId,
        table.provider,
        table.weekday,
        table.hour,
        table.priority,
        table.effort,
        table.recurring,
      ],
    }),
  ],
)

export const pastReads = integrations.table('past_reads', {
  grantId: uuid('grant_id').primaryKey(),
  until: instant('until').notNull(),
  place: text(),
  pages: integer().notNull().default(0),
  isOver: boolean('is_over').notNull().default(false),
  failures: integer().notNull().default(0),
  isPartial: boolean('is_partial').notNull().default(false),
})

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

export const ingressSources = integrations.table('ingress_sources', {
  id: text().primaryKey(),
  personId: uuid('person_id').notNull(),
  types: text().array().$type<IngressType[]>().notNull(),
  ...envelope,
  createdAt: instant('created_at').notNull(),
  lastDeliveryAt: instant('last_delivery_at'),
  deliveries: bigint({ mode: 'number' }).notNull().default(0),
  signals: bigint({ mode: 'number' }).notNull().default(0),
})

export const ingressDeliveries = integrations.table(
  'ingress_deliveries',
  {
    sourceId: text('source_id').notNull(),
    id: text().notNull(),
    receivedAt: instant('received_at').notNull(),
    accepted: integer().notNull(),
    refused: jsonb().$type<{ type: IngressType; why: 'consent' | 'source' }[]>().notNull(),
    problem: text(),
  },
  table => [primaryKey({ columns: [table.sourceId, table.id] })],
)

export const revocations = integrations.table('revocations', {
  id: uuid().primaryKey(),
  provider: text().notNull(),
  ...envelope,
  attempts: integer().notNull().default(0),
  discardAt: instant('discard_at').notNull(),
})

export const calendars = integrations.table(
  'calendars',
  {
    personId: uuid('person_id').notNull(),
    provider: text().notNull(),
    cursor: bytes(),
    readTo: instant('read_to').notNull(),
    syncedAt: instant('synced_at').notNull(),
  },
  table => [primaryKey({ columns: [table.personId, table.provider] })],
)

export const busyTimes = integrations.table(
  'busy_times',
  {
    personId: uuid('person_id').notNull(),
    provider: text().notNull(),
    eventHash: bytes('event_hash').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    allDay: boolean('all_day').notNull(),
  },
  table => [primaryKey({ columns: [table.personId, table.provider, table.eventHash] })],
)

export const channels = integrations.table('channels', {
  id: uuid().primaryKey(),
  holderId: uuid('holder_id').notNull(),
  resource: text(),
  renewAt: instant('renew_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
})
