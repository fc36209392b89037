// Queries about what was completed before the connection.
import type { Db, Tx } from '@oo/kernel'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Grant } from './store.ts'
import { grants, past, pastReads } from './tables.ts'

export type PastRead = typeof pastReads.$inferSelect
export type PastCount = Omit<typeof past.$inferSelect, 'personId' | 'provider'>

export async function pastReadOf(db: Db, grantId: string): Promise<PastRead | undefined> {
  const [read] = await db.select().from(pastReads).where(eq(pastReads.grantId, grantId))
  return read
}

/** False when this page was counted before, by the same job elsewhere, or when the grant is gone. */
export async function recordPastPage(tx: Tx, read: Omit<PastRead, 'failures'>): Promise<boolean> {
  const { rowCount } = await tx.$client.query({
    text: `INSERT INTO integrations.past_reads AS known (grant_id, until, place, pages, is_over, is_partial)
           SELECT id, $2, $3, $4, $5, $6 FROM integrations.grants WHERE id = $1 FOR SHARE
           ON CONFLICT (grant_id) DO UPDATE
              SET place = EXCLUDED.place, pages = EXCLUDED.pages, is_over = EXCLUDED.is_over,
                  is_partial = EXCLUDED.is_partial, failures = 0
            WHERE known.pages = EXCLUDED.pages - 1 AND NOT known.is_over`,
    values: [read.grantId, read.until, read.place, read.pages, read.isOver, read.isPartial],
  })
  return rowCount === 1
}

/** How often its next page was asked for in vain by now, at most `most` times; undefined where nobody asks any more. */
export async function countPastFailure(
  tx: Tx,
  { grantId, until, most }: { grantId: string; until: Date; most: number },
): Promise<number | undefined> {
  const { rows } = await tx.$client.query<{ failures: number }>({
    text: `INSERT INTO integrations.past_reads AS known (grant_id, until, failures)
           SELECT id, $2, 1 FROM integrations.grants WHERE id = $1 FOR SHARE
           ON CONFLICT (grant_id) DO UPDATE
              SET failures = known.failures + 1, is_over = known.failures + 1 >= $3,
                  is_partial = known.failures + 1 >= $3
            WHERE NOT known.is_over
           RETURNING failures`,
    values: [grantId, until, most],
  })
  return rows[0]?.failures
}

/** The sources of which all was read. */
export async function wholePasts(db: Db, personId: string): Promise<ReadonlySet<string>> {
  const found = await db
    .select({ source: grants.provider })
    .from(pastReads)
    .innerJoin(grants, eq(grants.id, pastReads.grantId))
    .where(and(eq(grants.personId, personId), eq(pastReads.isOver, true), eq(pastReads.isPartial, false)))
  return new Set(found.map(({ source }) => source))
}

export async function addPast(
  tx: Tx,
  { personId, provider }: Grant,
  counts: readonly PastCount[],
): Promise<void> {
  if (counts.length === 0) return
  await tx
    .insert(past)
    .values(counts.map(count => ({ personId, provider, ...count })))
    .onConflictDoUpdate({
      target: [
        past.personId,
        past.provider,
        past.weekday,
        past.hour,
        past.priority,
        past.effort,
        past.recurring,
      ],
      set: { times: sql`${past.times} + EXCLUDED.times` },
    })
}

/** What is still being read is over with it. */
export async function forgetPast(
  tx: Tx,
  { personId, provider }: { personId: string; provider?: string },
): Promise<void> {
  const ofSource = provider === undefined ? undefined : eq(past.provider, provider)
  await tx.delete(past).where(and(eq(past.personId, personId), ofSource))
  const theirs = tx
    .select({ id: grants.id })
    .from(grants)
    .where(
      and(eq(grants.personId, personId), provider === undefined ? undefined : eq(grants.provider, provider)),
    )
  await tx.update(pastReads).set({ isOver: true, place: null }).where(inArray(pastReads.grantId, theirs))
}

export async function allPast(db: Db, personId: string): Promise<(PastCount & { source: string })[]> {
  const found = await db.select().from(past).where(eq(past.personId, personId))
  return found.map(({ personId: _, provider: source, ...count }) => ({ source, ...count }))
}
