// Queries about what is open at a provider and which deliveries are known.
import type { Db, Tx } from '@oo/kernel'
import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { Grant } from './store.ts'
import { deliveries, grants, openItems } from './tables.ts'

/** False when this delivery was noted before. */
export async function noteDelivery(tx: Tx, delivery: typeof deliveries.$inferInsert): Promise<boolean> {
  const { rowCount } = await tx.insert(deliveries).values(delivery).onConflictDoNothing()
  return rowCount === 1
}

export async function forgetDeliveries(db: Db, before: Date): Promise<void> {
  await db.delete(deliveries).where(lte(deliveries.receivedAt, before))
}

/** Several people may have connected one account. */
export async function peopleOfAccount(db: Db, provider: string, accountHash: Buffer): Promise<string[]> {
  const found = await db
    .select({ personId: grants.personId })
    .from(grants)
    .where(and(eq(grants.provider, provider), eq(grants.accountHash, accountHash)))
  return found.map(({ personId }) => personId)
}

/** Whose grants at a provider were not looked at for longest. */
export async function overdueLooks(
  db: Db,
  { provider, before, most }: { provider: string; before: Date; most: number },
): Promise<string[]> {
  const overdue = or(isNull(grants.lookedAt), lte(grants.lookedAt, before))
  const found = await db
    .select({ personId: grants.personId })
    .from(grants)
    .where(and(eq(grants.provider, provider), eq(grants.state, 'connected'), overdue))
    .orderBy(sql`${asc(grants.lookedAt)} NULLS FIRST`)
    .limit(most)
  return found.map(({ personId }) => personId)
}

export async function recordLook(
  tx: Tx,
  grant: Grant,
  look: { at: Date; accountHash: Buffer },
): Promise<void> {
  await tx
    .update(grants)
    .set({ looks: grant.looks + 1, lookedAt: look.at, readAt: look.at, accountHash: look.accountHash })
    .where(eq(grants.id, grant.id))
}

/** A look that failed: the next one is as far away as after any other. */
export async function putOff(db: Db, { id }: Grant, at: Date): Promise<void> {
  await db.update(grants).set({ lookedAt: at }).where(eq(grants.id, id))
}

const ofGrant = ({ personId, provider }: Pick<Grant, 'personId' | 'provider'>) =>
  and(eq(openItems.personId, personId), eq(openItems.provider, provider))

/** First those of which the provider was never asked what became of them, then the longest ago. */
export async function openItemsOf(db: Db, grant: Pick<Grant, 'personId' | 'provider'>): Promise<string[]> {
  const found = await db
    .select({ id: openItems.externalId })
    .from(openItems)
    .where(ofGrant(grant))
    .orderBy(sql`${asc(openItems.askedAt)} NULLS FIRST`, asc(openItems.externalId))
  return found.map(({ id }) => id)
}

export async function addOpenItems(
  tx: Tx,
  { personId, provider }: Grant,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await tx.$client.query({
    text: `INSERT INTO integrations.open_items (person_id, provider, external_id)
           SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`,
    values: [personId, provider, ids],
  })
}

const among = (ids: readonly string[]) => sql`${openItems.externalId} = ANY(${sql.param([...ids])}::text[])`

export async function markAsked(
  tx: Tx,
  grant: Grant,
  { ids, at }: { ids: readonly string[]; at: Date },
): Promise<void> {
  if (ids.length === 0) return
  await tx
    .update(openItems)
    .set({ askedAt: at })
    .where(and(ofGrant(grant), among(ids)))
}

export async function dropOpenItems(tx: Tx, grant: Grant, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.delete(openItems).where(and(ofGrant(grant), among(ids)))
}

export async function forgetOpenItems(
  db: Db,
  { personId, provider }: { personId: string; provider?: string },
): Promise<void> {
  const whose = provider === undefined ? eq(openItems.personId, personId) : ofGrant({ personId, provider })
  await db.delete(openItems).where(whose)
}

export async function allOpenItems(
  db: Db,
  personId: string,
): Promise<{ source: string; externalId: string }[]> {
  return db
    .select({ source: openItems.provider, externalId: openItems.externalId })
    .from(openItems)
    .where(eq(openItems.personId, personId))
}
