import { bytes, instant } from '@oo/kernel'
import { pgSchema, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'

const gateway = pgSchema('gateway')

export const answers = gateway.table(
  'answers',
  {
    ownerId: uuid('owner_id').notNull(),
    keyHash: bytes('key_hash').notNull(),
    operation: text().notNull(),
    requestHash: bytes('request_hash').notNull(),
    begunAt: instant('begun_at').notNull(),
    holder: uuid().notNull(),
    heldUntil: instant('held_until'),
    status: smallint(),
    answer: bytes(),
  },
  table => [primaryKey({ columns: [table.ownerId, table.keyHash] })],
)
