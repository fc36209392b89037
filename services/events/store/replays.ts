// Which events would be handed on again to whom, and doing so: they are put with those that wait for another try, so
// the order per person is kept, and whoever has applied one is not given it twice.
import type { Db, Tx } from '@oo/kernel'
import { ask, change } from './ask.ts'

/** One event, or those of a time; for one subscriber or all; all or only what was given up. */
export interface Wanted {
  id?: string
  from?: Date
  to?: Date
  subscriber?: string
  deadOnly?: boolean
}

export interface ReplayCount {
  subscriber: string
  handedOn: number
  alreadyApplied: number
  waiting: number
  ahead: number
}

const pairs = `
  WITH chosen AS (
    SELECT id, subject, person_id, at, xid, seq FROM events.log
     WHERE ($1::uuid IS NULL OR id = $1) AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)),
  pairs AS (
    SELECT p.subscriber, c.*, a.event_id IS NOT NULL AS is_applied, h.event_id IS NOT NULL AS is_held,
           (c.xid, c.seq) > (p.xid, p.seq) AS is_ahead
      FROM chosen c
      JOIN events.places p ON c.subject = ANY (p.subjects)
      LEFT JOIN events.applied a ON a.subscriber = p.subscriber AND a.event_id = c.id AND a.at = c.at
      LEFT JOIN events.held h ON h.subscriber = p.subscriber AND h.event_id = c.id
      LEFT JOIN events.dead d ON d.subscriber = p.subscriber AND d.event_id = c.id
     WHERE ($4::text IS NULL OR p.subscriber = $4) AND (NOT $5::boolean OR d.event_id IS NOT NULL))`
const isWanted = 'NOT is_applied AND NOT is_held AND NOT is_ahead'

const valuesOf = ({ id, from, to, subscriber, deadOnly }: Wanted) => [
  id ?? null,
  from ?? null,
  to ?? null,
  subscriber ?? null,
  deadOnly ?? false,
]

export async function countReplay(db: Db, wanted: Wanted): Promise<ReplayCount[]> {
  const text = `${pairs}
    SELECT subscriber, count(*) FILTER (WHERE ${isWanted}) AS "handedOn",
           count(*) FILTER (WHERE is_applied) AS "alreadyApplied",
           count(*) FILTER (WHERE is_held AND NOT is_applied) AS waiting,
           count(*) FILTER (WHERE is_ahead AND NOT is_applied AND NOT is_held) AS ahead
      FROM pairs GROUP BY 1 ORDER BY 1`
  return ask<ReplayCount>(db, { name: 'countReplay', text }, valuesOf(wanted))
}

/** Events in the log that are meant, counted up to a limit. */
export async function countWanted(db: Db, { id, from, to }: Wanted, limit: number): Promise<number> {
  const text = `
    SELECT count(*) AS count FROM (
      SELECT 1 FROM events.log
       WHERE ($1::uuid IS NULL OR id = $1) AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
       LIMIT $4) meant`
  const values = [id ?? null, from ?? null, to ?? null, limit]
  const [row] = await ask<{ count: number }>(db, { name: 'countWanted', text }, values)
  return row?.count ?? 0
}

/** Nobody applies while places and queues are changed. */
export async function lockPlaces(tx: Tx, subscriber: string | undefined): Promise<void> {
  const text = `
    SELECT subscriber FROM events.places WHERE $1::text IS NULL OR subscriber = $1 ORDER BY 1 FOR UPDATE`
  await ask(tx, { name: 'lockPlaces', text }, [subscriber ?? null])
}

export async function queueReplay(tx: Tx, wanted: Wanted): Promise<void> {
  const text = `${pairs},
    queued AS (
      INSERT INTO events.held (subscriber, event_id, person_id, at, xid, seq, tries)
      SELECT subscriber, id, person_id, at, xid, seq, 0 FROM pairs WHERE ${isWanted}
      RETURNING subscriber, event_id)
    DELETE FROM events.dead d USING queued q WHERE d.subscriber = q.subscriber AND d.event_id = q.event_id`
  await tx.$client.query({ name: 'events.queueReplay', text, values: valuesOf(wanted) })
}

/** Only the first of each queue has a time at which it is tried, also after earlier ones were put before it. */
export async function dueFromTheFront(tx: Tx): Promise<void> {
  const text = `
    UPDATE events.held h
       SET next_try_at = CASE WHEN h.event_id = f.first THEN clock_timestamp() END
      FROM (SELECT subscriber, event_id, first_value(event_id) OVER (
                     PARTITION BY subscriber, coalesce(person_id, event_id) ORDER BY xid, seq) AS first
              FROM events.held) f
     WHERE h.subscriber = f.subscriber AND h.event_id = f.event_id
       AND (h.next_try_at IS NULL) = (h.event_id = f.first)`
  await change(tx, { name: 'dueFromTheFront', text }, [])
}
