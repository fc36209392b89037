import { bytes, instant } from '@oo/kernel'
import { boolean, integer, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'

const auth = pgSchema('auth')

export const people = auth.table('people', {
  id: uuid().primaryKey(),
  role: text({ enum: ['person', 'admin'] })
    .notNull()
    .default('person'),
  createdAt: instant('created_at').notNull(),
  erasingSince: instant('erasing_since'),
  erasingReceipt: bytes('erasing_receipt'),
})

export const identities = auth.table('identities', {
  subjectHash: bytes('subject_hash').primaryKey(),
  issuer: text().notNull(),
  personId: uuid('person_id').notNull(),
  createdAt: instant('created_at').notNull(),
})

export const sessions = auth.table('sessions', {
  id: uuid().primaryKey(),
  tokenHash: bytes('token_hash').notNull(),
  personId: uuid('person_id'),
  device: text().notNull(),
  createdAt: instant('created_at').notNull(),
  lastSeenAt: instant('last_seen_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  endsAt: instant('ends_at').notNull(),
})

export const personKeys = auth.table('person_keys', {
  personId: uuid('person_id').primaryKey(),
  kekId: text('kek_id').notNull(),
  wrapped: bytes().notNull(),
  createdAt: instant('created_at').notNull(),
})

export const adminSeed = auth.table('admin_seed', {
  single: boolean().primaryKey().default(true),
  seededAt: instant('seeded_at').notNull(),
})

export const receipts = auth.table('receipts', {
  idHash: bytes('id_hash').primaryKey(),
  requestedAt: instant('requested_at').notNull(),
  finishedAt: instant('finished_at'),
})

export const receiptSteps = auth.table(
  'receipt_steps',
  {
    receiptHash: bytes('receipt_hash').notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    done: boolean().notNull().default(false),
    rows: integer().notNull().default(0),
    note: text(),
  },
  table => [primaryKey({ columns: [table.receiptHash, table.position] })],
)
