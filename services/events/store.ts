import type { Db, Tx } from '@oo/kernel'
import { and, asc, eq, sql } from 'drizzle-orm'
import { dead, log, places } from './tables.ts'

export interface Place {
  xid: string
  seq: number
}

export interface Logged extends Place {
  id: string
  personId: string | null
  envelope: Buffer
}

interface NewEvent {
  id: string
  subject: string
  personId: string | null
  at: Date
  envelope: Buffer
}

export async function insertEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  await tx.$client.query({
    name: 'events.insert',
    text: `INSERT INTO events.log (id, subject, person_id, at, envelope)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::bytea[])`,
    values: [
      events.map(event => event.id),
      events.map(event => event.subject),
      events.map(event => event.personId),
      events.map(event => event.at.toISOString()),
      events.map(event => event.envelope),
    ],
  })
}

/** Locks the subscriber's place; null when another process holds it. A new subscriber starts at the log's end. */
export async function takePlace(tx: Tx, subscriber: string): Promise<Place | null> {
  await tx
    .insert(places)
    .values({ subscriber, xid: sql`pg_snapshot_xmin(pg_current_snapshot())`, seq: 0 })
    .onConflictDoNothing()
  const [place] = await tx
    .select({ xid: places.xid, seq: places.seq })
    .from(places)
    .where(eq(places.subscriber, subscriber))
    .for('update', { skipLocked: true })
  return place ?? null
}

/**
 * What comes after a place, oldest first, and only what lies below the oldest running transaction: ids do not
 * commit in order, so anything above it could still gain an earlier neighbour.
 */
export async function readAfter(
  tx: Tx,
  place: Place,
  subjects: readonly string[],
  limit: number,
): Promise<Logged[]> {
  return tx
    .select({ xid: log.xid, seq: log.seq, id: log.id, personId: log.personId, envelope: log.envelope })
    .from(log)
    .where(
      and(
        sql`(${log.xid}, ${log.seq}) > (${place.xid}::xid8, ${place.seq}::bigint)`,
        sql`${log.xid} < pg_snapshot_xmin(pg_current_snapshot())`,
        sql`${log.subject} = ANY(${sql.param([...subjects])}::text[])`,
      ),
    )
    .orderBy(asc(log.xid), asc(log.seq))
    .limit(limit)
}

export async function movePlace(tx: Tx, subscriber: string, to: Place): Promise<void> {
  await tx.update(places).set({ xid: to.xid, seq: to.seq }).where(eq(places.subscriber, subscriber))
}

export async function buryEvent(tx: Tx, subscriber: string, event: Logged, reason: string): Promise<void> {
  await tx
    .insert(dead)
    .values({ subscriber, eventId: event.id, personId: event.personId, reason })
    .onConflictDoNothing()
}

export async function eventsOf(db: Db, personId: string) {
  return db
    .select({ id: log.id, subject: log.subject, at: log.at, envelope: log.envelope })
    .from(log)
    .where(eq(log.personId, personId))
    .orderBy(asc(log.xid), asc(log.seq))
}

export async function eraseEvents(tx: Tx, personId: string): Promise<number> {
  const gone = await tx.delete(log).where(eq(log.personId, personId))
  const buried = await tx.delete(dead).where(eq(dead.personId, personId))
  return (gone.rowCount ?? 0) + (buried.rowCount ?? 0)
}

export async function deadCount(db: Db): Promise<number> {
  return db.$count(dead)
}
