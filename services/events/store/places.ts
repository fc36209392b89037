// How far each subscriber has read, and which process forwards for it.
import type { Db, Tx } from '@oo/kernel'
import type { Place } from '../place.ts'
import { ask, change } from './ask.ts'

/** Says that this process knows the subscriber. A new one starts at the log's end. */
export async function enrol(db: Db, subscriber: string, subjects: readonly string[]): Promise<void> {
  const text = `
    INSERT INTO events.places (subscriber, xid, seq, subjects)
    VALUES ($1, pg_snapshot_xmin(pg_current_snapshot()), 0, $2)
    ON CONFLICT (subscriber) DO UPDATE SET subjects = excluded.subjects, seen_at = now()`
  await change(db, { name: 'enrol', text }, [subscriber, subjects])
}

/** Locks the subscriber's place until the transaction ends; null when another process holds it. */
export async function takePlace(tx: Tx, subscriber: string): Promise<Place | null> {
  const text = 'SELECT xid::text AS xid, seq FROM events.places WHERE subscriber = $1 FOR UPDATE SKIP LOCKED'
  const [place] = await ask<Place>(tx, { name: 'takePlace', text }, [subscriber])
  return place ?? null
}

export async function movePlace(tx: Tx, subscriber: string, to: Place): Promise<void> {
  const text = `UPDATE events.places SET xid = $2::xid8, seq = $3::bigint, taken_at = now() WHERE subscriber = $1`
  await change(tx, { name: 'movePlace', text }, [subscriber, to.xid, to.seq])
}

/**
 * Moves past what does not concern the subscriber, unless another process has the lease: that one may have started
 * over. It may be lost in a crash: then it is only read again.
 */
export async function passBy(
  db: Db,
  subscriber: string,
  { owner, to }: { owner: string; to: Place },
): Promise<void> {
  const text = `
    UPDATE events.places SET xid = $2::xid8, seq = $3::bigint
     WHERE subscriber = $1 AND (xid, seq) < ($2::xid8, $3::bigint)
       AND (owner IS NULL OR owner = $4 OR leased_until < clock_timestamp())`
  await change(db, { name: 'passBy', text }, [subscriber, to.xid, to.seq, owner])
}

/** Takes or keeps the lease; null while another process has it. */
export async function lease(db: Db, subscriber: string, owner: string, forMs: number): Promise<Place | null> {
  const text = `
    UPDATE events.places SET owner = $2, leased_until = clock_timestamp() + $3::float8 * interval '1 millisecond'
     WHERE subscriber = $1 AND (owner = $2 OR owner IS NULL OR leased_until < clock_timestamp())
    RETURNING xid::text AS xid, seq`
  const [place] = await ask<Place>(db, { name: 'lease', text }, [subscriber, owner, forMs])
  return place ?? null
}

export async function endLease(db: Db, subscriber: string, owner: string): Promise<void> {
  const text = `UPDATE events.places SET owner = NULL, leased_until = NULL WHERE subscriber = $1 AND owner = $2`
  await change(db, { name: 'endLease', text }, [subscriber, owner])
}

/** Moves the place of a lease that still holds; false when another process has taken over. */
export async function moveLeased(
  db: Db,
  subscriber: string,
  owner: string,
  to: Place,
  forMs: number,
): Promise<boolean> {
  const text = `
    UPDATE events.places
       SET xid = $3::xid8, seq = $4::bigint, taken_at = clock_timestamp(),
           leased_until = clock_timestamp() + $5::float8 * interval '1 millisecond'
     WHERE subscriber = $1 AND owner = $2`
  return (await change(db, { name: 'moveLeased', text }, [subscriber, owner, to.xid, to.seq, forMs])) === 1
}

export interface Lag {
  subscriber: string
  events: number
  /** When the oldest event it has not applied happened; null when there is none. */
  oldestAt: Date | null
  held: number
  dead: number
}

/** Counting further would cost more than the figure says. */
export const countedAtMost = 100_000

/** How far behind each living subscriber is. */
export async function readLags(db: Db): Promise<Lag[]> {
  const text = `
    SELECT p.subscriber, w.events, w.oldest AS "oldestAt",
           (SELECT count(*) FROM events.held h WHERE h.subscriber = p.subscriber) AS held,
           (SELECT count(*) FROM events.dead d WHERE d.subscriber = p.subscriber) AS dead
      FROM events.places p
      CROSS JOIN LATERAL (
        SELECT count(*) AS events, min(at) AS oldest
          FROM (SELECT at FROM events.log l
                 WHERE (l.xid, l.seq) > (p.xid, p.seq) AND l.subject = ANY (p.subjects) LIMIT $1) waiting) w
     ORDER BY 1`
  return ask<Lag>(db, { name: 'readLags', text }, [countedAtMost])
}
