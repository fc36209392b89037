// How often each item was shown, and until when it rests.
import { type Db, prepared, type Tx } from '@oo/kernel'
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { items } from '../tables.ts'

export interface ItemKey {
  personId: string
  source: string
  externalId: string
}

export type ItemRow = typeof items.$inferSelect

const is = (key: ItemKey) =>
  and(eq(items.personId, key.personId), eq(items.source, key.source), eq(items.externalId, key.externalId))

const itemRows = prepared((db: Db) =>
  db
    .select()
    .from(items)
    .where(eq(items.personId, sql.placeholder('personId')))
    .prepare('recommender.items'),
)

/** Everything remembered of this person's items, by candidate id. */
export async function itemsOf(db: Db, personId: string): Promise<Map<string, ItemRow>> {
  const rows = await itemRows(db, { personId })
  return new Map(rows.map(row => [`${row.source}:${row.externalId}`, row]))
}

export async function countShown(tx: Tx, key: ItemKey, at: Date): Promise<void> {
  await tx
    .insert(items)
    .values({ ...key, timesShown: 1, lastShownAt: at })
    .onConflictDoUpdate({
      target: [items.personId, items.source, items.externalId],
      set: { timesShown: sql`${items.timesShown} + 1`, lastShownAt: at },
    })
}

export async function restItem(tx: Tx, key: ItemKey, rest: { until: Date; reason: string }): Promise<void> {
  const values = { restUntil: rest.until, restReason: rest.reason }
  await tx
    .insert(items)
    .values({ ...key, ...values })
    .onConflictDoUpdate({ target: [items.personId, items.source, items.externalId], set: values })
}

export async function wakeItem(tx: Tx, key: ItemKey): Promise<void> {
  await tx.update(items).set({ restUntil: null, restReason: null }).where(is(key))
}

/** Items that were neither shown nor at rest since then. */
export async function forgetItems(db: Db, before: Date): Promise<void> {
  const shown = or(isNull(items.lastShownAt), lt(items.lastShownAt, before))
  const rested = or(isNull(items.restUntil), lt(items.restUntil, before))
  await db.delete(items).where(and(shown, rested))
}

export async function eraseItems(tx: Tx, personId: string): Promise<number> {
  const gone = await tx.delete(items).where(eq(items.personId, personId))
  return gone.rowCount ?? 0
}
