// How often each item was shown, and until when it rests.
import { type Db, prepared, type Tx } from '@oo/kernel'
import { and, eq, getTableColumns, gte, isNotNull, isNull, lt, not, or, sql } from 'drizzle-orm'
import { items, tips } from '../tables.ts'

export interface ItemKey {
  personId: string
  source: string
  externalId: string
}

/** Of one person; who has more is remembered by the rest. */
const mostItems = 2_000

export type ItemRow = typeof items.$inferSelect

export interface RememberedItem extends ItemRow {
  /** When it was on screen since a while ago, in milliseconds of the epoch. */
  shownLately: number[]
}

const is = (key: ItemKey) =>
  and(eq(items.personId, key.personId), eq(items.source, key.source), eq(items.externalId, key.externalId))

const itemRows = prepared((db: Db) => {
  const personId = sql.placeholder('personId')
  const lately = db
    .select({
      source: tips.source,
      externalId: tips.externalId,
      at: sql`array_agg((extract(epoch FROM ${tips.shownAt}) * 1000)::float8)`.as('at'),
    })
    .from(tips)
    .where(
      and(
        eq(tips.personId, personId),
        gte(tips.createdAt, sql.placeholder('since')),
        isNotNull(tips.shownAt),
      ),
    )
    .groupBy(tips.source, tips.externalId)
    .as('lately')
  return db
    .select({
      ...getTableColumns(items),
      shownLately: sql<number[]>`coalesce(${lately.at}, '{}')`,
    })
    .from(items)
    .leftJoin(lately, and(eq(lately.source, items.source), eq(lately.externalId, items.externalId)))
    .where(eq(items.personId, personId))
    .orderBy(sql`${items.restUntil} DESC NULLS LAST`, sql`${items.lastShownAt} DESC NULLS LAST`)
    .limit(mostItems)
    .prepare('recommender.items')
})

/** What is remembered of this person's items; what rests, and what was shown last, before what is long ago. */
export const itemsOf = (
  db: Db,
  { personId, since }: { personId: string; since: Date },
): Promise<RememberedItem[]> => itemRows(db, { personId, since })

export const everyItemOf = (db: Db, personId: string): Promise<ItemRow[]> =>
  db.select().from(items).where(eq(items.personId, personId))

export async function countShown(tx: Tx, key: ItemKey, at: Date): Promise<void> {
  await tx
    .insert(items)
    .values({ ...key, timesShown: 1, lastShownAt: at, recent: 1 })
    .onConflictDoUpdate({
      target: [items.personId, items.source, items.externalId],
      set: {
        timesShown: sql`${items.timesShown} + 1`,
        recent: sql`recommender.shown_again(${items.recent}, ${items.lastShownAt}, excluded.last_shown_at)`,
        lastShownAt: sql`greatest(${items.lastShownAt}, excluded.last_shown_at)`,
      },
    })
}

export async function wakeItem(tx: Tx, key: ItemKey): Promise<void> {
  const values = { restUntil: null, restReason: null, refusedAt: null, sketch: null }
  await tx.update(items).set(values).where(is(key))
}

/** Sketches of what was dismissed before then; what is never to come again keeps its own. */
export async function forgetSketches(db: Db, before: Date): Promise<void> {
  const isForGood = sql`${items.restReason} IS NOT DISTINCT FROM 'never'`
  await db
    .update(items)
    .set({ refusedAt: null, sketch: null })
    .where(and(lt(items.refusedAt, before), not(isForGood)))
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
