// Queries about a person's own sources and what became of their deliveries.
import type { Db, Tx, Wrapped } from '@oo/kernel'
import { and, asc, desc, eq, getTableColumns, gt, ne, sql } from 'drizzle-orm'
import { ingressDeliveries, ingressSources } from '../tables.ts'
import type { Envelope } from '../vault.ts'

export type Source = typeof ingressSources.$inferSelect
export type Delivery = typeof ingressDeliveries.$inferSelect

export async function sourceOf(db: Db, id: string): Promise<Source | undefined> {
  const [source] = await db.select().from(ingressSources).where(eq(ingressSources.id, id))
  return source
}

/** Deliveries, rotation and deletion of one source wait for each other here. */
export async function lockSource(tx: Tx, id: string): Promise<Source | undefined> {
  const [source] = await tx.select().from(ingressSources).where(eq(ingressSources.id, id)).for('update')
  return source
}

/** The same of a person: the source of somebody else is none. */
export async function lockSourceOf(tx: Tx, personId: string, id: string): Promise<Source | undefined> {
  const source = await lockSource(tx, id)
  return source?.personId === personId ? source : undefined
}

export const sourcesOf = (db: Db, personId: string): Promise<Source[]> =>
  db
    .select()
    .from(ingressSources)
    .where(eq(ingressSources.personId, personId))
    .orderBy(asc(ingressSources.createdAt), asc(ingressSources.id))

/** Two that a person makes at once are counted one after the other. */
export async function lockSourcesOf(tx: Tx, personId: string): Promise<number> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('ingress:' || ${personId}::text, 0))`)
  return tx.$count(ingressSources, eq(ingressSources.personId, personId))
}

export async function insertSource(tx: Tx, source: Source): Promise<void> {
  await tx.insert(ingressSources).values(source)
}

export async function sealAgain(tx: Tx, id: string, envelope: Envelope): Promise<void> {
  await tx.update(ingressSources).set(envelope).where(eq(ingressSources.id, id))
}

export async function deleteSource(tx: Tx, id: string): Promise<void> {
  await tx.delete(ingressSources).where(eq(ingressSources.id, id))
}

export async function deleteSourcesOf(tx: Tx, personId: string): Promise<number> {
  const { rowCount } = await tx.delete(ingressSources).where(eq(ingressSources.personId, personId))
  return rowCount ?? 0
}

export async function deliveryOf(db: Db, sourceId: string, id: string): Promise<Delivery | undefined> {
  const [delivery] = await db
    .select()
    .from(ingressDeliveries)
    .where(and(eq(ingressDeliveries.sourceId, sourceId), eq(ingressDeliveries.id, id)))
  return delivery
}

export const lastDeliveries = (db: Db, sourceId: string, most: number): Promise<Delivery[]> =>
  db
    .select()
    .from(ingressDeliveries)
    .where(eq(ingressDeliveries.sourceId, sourceId))
    .orderBy(desc(ingressDeliveries.receivedAt), desc(ingressDeliveries.id))
    .limit(most)

/** Every delivery of a person's sources that is still kept. */
export const deliveriesOf = (db: Db, personId: string): Promise<Delivery[]> =>
  db
    .select(getTableColumns(ingressDeliveries))
    .from(ingressDeliveries)
    .innerJoin(ingressSources, eq(ingressSources.id, ingressDeliveries.sourceId))
    .where(eq(ingressSources.personId, personId))
    .orderBy(asc(ingressDeliveries.receivedAt), asc(ingressDeliveries.id))

/** One that was refused as a whole may come again, mended, under its id. */
export async function recordDelivery(tx: Tx, delivery: Delivery): Promise<void> {
  const { sourceId, accepted, receivedAt, problem } = delivery
  await tx
    .insert(ingressDeliveries)
    .values(delivery)
    .onConflictDoUpdate({ target: [ingressDeliveries.sourceId, ingressDeliveries.id], set: delivery })
  if (problem !== null) return
  await tx
    .update(ingressSources)
    .set({
      lastDeliveryAt: receivedAt,
      deliveries: sql`${ingressSources.deliveries} + 1`,
      signals: sql`${ingressSources.signals} + ${accepted}`,
    })
    .where(eq(ingressSources.id, sourceId))
}

/** Whose they are, the longest kept first; answers how many of this batch. */
export async function deleteDeliveriesUntil(db: Db, until: Date, most: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    DELETE FROM integrations.ingress_deliveries d
     USING (SELECT source_id, id FROM integrations.ingress_deliveries
             WHERE received_at <= ${until} ORDER BY received_at LIMIT ${most}) old
     WHERE d.source_id = old.source_id AND d.id = old.id AND d.received_at <= ${until}`)
  return rowCount ?? 0
}

/** The ids after one, in order, so that all sources are walked a few at a time. */
export async function sourceIdsAfter(db: Db, after: string, most: number): Promise<string[]> {
  const found = await db
    .select({ id: ingressSources.id })
    .from(ingressSources)
    .where(gt(ingressSources.id, after))
    .orderBy(asc(ingressSources.id))
    .limit(most)
  return found.map(({ id }) => id)
}

/** Of these sources, what came until a moment and is not of the newest `seen`; answers how many of this batch. */
export async function deleteUnseenDeliveries(
  db: Db,
  of: { sources: readonly string[]; until: Date; seen: number },
  most: number,
): Promise<number> {
  const { rowCount } = await db.execute(sql`
    DELETE FROM integrations.ingress_deliveries d
     USING (SELECT unseen.source_id, unseen.id
              FROM unnest(${sql.param([...of.sources])}::text[]) AS source (id)
             CROSS JOIN LATERAL (SELECT received_at, id FROM integrations.ingress_deliveries
                                  WHERE source_id = source.id
                                  ORDER BY received_at DESC, id DESC OFFSET ${of.seen} LIMIT 1) first
             CROSS JOIN LATERAL (SELECT source_id, id FROM integrations.ingress_deliveries
                                  WHERE source_id = source.id AND received_at <= ${of.until}
                                    AND (received_at, id) <= (first.received_at, first.id)) unseen
             LIMIT ${most}) old
     WHERE d.source_id = old.source_id AND d.id = old.id AND d.received_at <= ${of.until}`)
  return rowCount ?? 0
}

/** Sources whose data key lies under another master key than `active`, after a row, locked. */
export const sourcesNotUnder = (
  tx: Tx,
  active: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Source[]> =>
  tx
    .select()
    .from(ingressSources)
    .where(and(ne(ingressSources.kekId, active), after === null ? undefined : gt(ingressSources.id, after)))
    .orderBy(asc(ingressSources.id))
    .limit(limit)
    .for('update')

export async function rewrapSource(tx: Tx, id: string, { kekId, wrapped }: Wrapped): Promise<void> {
  await tx.update(ingressSources).set({ kekId, wrappedKey: wrapped }).where(eq(ingressSources.id, id))
}
