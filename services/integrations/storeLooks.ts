// Queries about what is open at a provider and which deliveries are known.
import type { Db, Tx } from '@oo/kernel'
import { and, asc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm'
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

/**
 * Takes those whose turn it is, the longest waiting first, for the time of a lease: meanwhile nobody else takes them,
 * whoever asks for a look, and a look that is killed is repeated.
 */
export async function claimLooks(
  db: Db,
  claim: { providers: readonly string[]; now: Date; leaseUntil: Date; most: number },
): Promise<Due[]> {
  const { rows } = await db.$client.query<Due>({
    text: `UPDATE integrations.grants SET look_at = $3, looking_until = $3, looked_at = $2
            WHERE id IN (SELECT id FROM integrations.grants
                          WHERE state = 'connected' AND provider = ANY($1::text[])
                            AND (look_at IS NULL OR look_at <= $2)
                            AND (looking_until IS NULL OR looking_until <= $2)
                          ORDER BY look_at NULLS FIRST LIMIT $4 FOR UPDATE SKIP LOCKED)
           RETURNING person_id AS "personId", provider AS source`,
    values: [claim.providers, claim.now, claim.leaseUntil, claim.most],
  })
  return rows
}

export interface Due {
  personId: string
  source: string
}

/** Someone says that there is news: the next look comes at once, but for a moment of quiet after the last one. */
export async function wantLook(
  tx: Tx,
  {
    provider,
    accountHash,
    now,
    quietMs,
  }: { provider: string; accountHash: Buffer; now: Date; quietMs: number },
): Promise<number> {
  const { rowCount } = await tx.$client.query({
    text: `UPDATE integrations.grants
              SET look_at = greatest($3::timestamptz, looked_at + $4 * interval '1 ms')
            WHERE provider = $1 AND account_hash = $2
              AND look_at > greatest($3::timestamptz, looked_at + $4 * interval '1 ms')`,
    values: [provider, accountHash, now, quietMs],
  })
  return rowCount ?? 0
}

/** Their person lets oO read again what it had forgotten. */
export async function lookNow(tx: Tx, ids: string[], now: Date): Promise<void> {
  const resting = and(inArray(grants.id, ids), eq(grants.rests, true))
  await tx.update(grants).set({ lookAt: now, rests: false }).where(resting)
}

/** Looks under way find themselves out of date. */
export async function endLooks(tx: Tx, ids: string[]): Promise<void> {
  await tx
    .update(grants)
    .set({ looks: sql`${grants.looks} + 1`, rests: true })
    .where(inArray(grants.id, ids))
}

/** No look: a consent is missing. */
export async function restLook(tx: Tx, before: Grant, look: { at: Date; next: Date }): Promise<void> {
  await tx
    .update(grants)
    .set({
      lookedAt: look.at,
      lookAt: turn(before, look.next),
      lookingUntil: notLooking(before),
      rests: true,
    })
    .where(eq(grants.id, before.id))
}

/** The turn after this one; where someone asked for a look meanwhile, theirs stays. */
const turn = (before: Grant, next: Date) =>
  sql`CASE WHEN ${grants.lookAt} IS NOT DISTINCT FROM ${before.lookAt} THEN ${next} ELSE ${grants.lookAt} END`

/** The look is over; one that took its place after its lease goes on. */
const notLooking = ({ lookingUntil }: Grant) => sql`nullif(${grants.lookingUntil}, ${lookingUntil})`

export async function recordLook(
  tx: Tx,
  before: Grant,
  look: { at: Date; next: Date; accountHash: Buffer; mark: string | null; isWhole: boolean },
): Promise<void> {
  await tx
    .update(grants)
    .set({
      looks: before.looks + 1,
      lookedAt: look.at,
      readAt: look.at,
      accountHash: look.accountHash,
      lookAt: turn(before, look.next),
      lookingUntil: notLooking(before),
      lookFailures: 0,
      rests: false,
      changesMark: look.mark,
      ...(look.isWhole && { readWholeAt: look.at }),
    })
    .where(eq(grants.id, before.id))
}

/** A look that nobody waits for any more, because its process ends: another one takes it up at once. */
export async function handBack(db: Db, before: Grant, now: Date): Promise<void> {
  await db
    .update(grants)
    .set({ lookAt: turn(before, now), lookingUntil: notLooking(before) })
    .where(eq(grants.id, before.id))
}

/** A look that failed: the next one has its time too. */
export async function putOff(db: Db, before: Grant, look: { at: Date; next: Date }): Promise<void> {
  await db
    .update(grants)
    .set({
      lookedAt: look.at,
      lookAt: turn(before, look.next),
      lookingUntil: notLooking(before),
      lookFailures: sql`least(${grants.lookFailures} + 1, 20)`,
    })
    .where(eq(grants.id, before.id))
}

const ofGrant = ({ personId, provider }: Pick<Grant, 'personId' | 'provider'>) =>
  and(eq(openItems.personId, personId), eq(openItems.provider, provider))

export interface Known {
  id: string
  nextDue: string | null
  toldUntil: Date | null
}

/** First those of which the provider was never asked what became of them, then the longest ago. */
export async function openItemsOf(db: Db, grant: Pick<Grant, 'personId' | 'provider'>): Promise<Known[]> {
  return db
    .select({ id: openItems.externalId, nextDue: openItems.nextDue, toldUntil: openItems.toldUntil })
    .from(openItems)
    .where(ofGrant(grant))
    .orderBy(sql`${asc(openItems.askedAt)} NULLS FIRST`, asc(openItems.externalId))
}

/** What is new is added; of what is known only a date that moved is written. */
export async function keepOpenItems(
  tx: Tx,
  { personId, provider }: Grant,
  items: readonly Known[],
): Promise<void> {
  if (items.length === 0) return
  await tx.$client.query({
    text: `INSERT INTO integrations.open_items AS known (person_id, provider, external_id, next_due, told_until)
           SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::timestamptz[])
           ON CONFLICT (person_id, provider, external_id) DO UPDATE
              SET next_due = EXCLUDED.next_due,
                  told_until = greatest(known.told_until, EXCLUDED.told_until)
            WHERE EXCLUDED.next_due IS NOT NULL
              AND (known.next_due IS DISTINCT FROM EXCLUDED.next_due OR EXCLUDED.told_until > known.told_until)`,
    values: [
      personId,
      provider,
      items.map(({ id }) => id),
      items.map(({ nextDue }) => nextDue),
      items.map(({ toldUntil }) => toldUntil),
    ],
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
  // A mark means nothing without what was open then.
  await db
    .update(grants)
    .set({ changesMark: null, readWholeAt: null })
    .where(
      and(
        eq(grants.personId, personId),
        provider === undefined ? undefined : eq(grants.provider, provider),
        isNotNull(grants.changesMark),
      ),
    )
}

export async function allOpenItems(
  db: Db,
  personId: string,
): Promise<{ source: string; externalId: string; nextDue: string | null; toldUntil: Date | null }[]> {
  return db
    .select({
      source: openItems.provider,
      externalId: openItems.externalId,
      nextDue: openItems.nextDue,
      toldUntil: openItems.toldUntil,
    })
    .from(openItems)
    .where(eq(openItems.personId, personId))
}
