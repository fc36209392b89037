import { bytes, instant } from '@oo/kernel'
import { bigint, boolean, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'

const profile = pgSchema('profile')

export const cards = profile.table('cards', {
  personId: uuid('person_id').primaryKey(),
  name: bytes().notNull(),
  email: bytes().notNull(),
  emailHash: bytes('email_hash').notNull(),
  timeZone: text('time_zone'),
  contrast: text({ enum: ['black', 'soft'] })
    .notNull()
    .default('black'),
  pausedSince: instant('paused_since'),
  pausedUntil: instant('paused_until'),
  createdAt: instant('created_at').notNull(),
})

export const pauses = profile.table(
  'pauses',
  {
    personId: uuid('person_id').notNull(),
    since: instant('since').notNull(),
    until: instant('until'),
  },
  table => [primaryKey({ columns: [table.personId, table.since] })],
)

export const consents = profile.table('consents', {
  seq: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  personId: uuid('person_id').notNull(),
  purpose: text({
    enum: ['terms', 'sync', 'llm', 'push', 'pooling', 'calendar', 'mood', 'sleep', 'presence'],
  }).notNull(),
  version: text().notNull(),
  granted: boolean().notNull(),
  at: instant('at').notNull(),
})
