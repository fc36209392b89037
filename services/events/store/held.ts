// Events that wait for another try, a queue per subscriber and person. Only the first of a queue has a time at which
// it is tried; an event that concerns nobody is a queue of its own.
import type { Db } from '@oo/kernel'
import { type Logged, type LoggedRow, toLogged } from '../logged.ts'
import { ask, change } from './ask.ts'

/** One that failed: it is tried again later, and holds back its person's next ones. */
export async function holdFailed(
  tx: Db,
  subscriber: string,
  event: Logged,
  { reason, againInMs }: { reason: string; againInMs: number },
): Promise<void> {
  const text = `
    INSERT INTO events.held (subscriber, event_id, person_id, at, xid, seq, tries, tried_at, next_try_at, reason)
    SELECT $1, id, person_id, at, xid, seq, 1, clock_timestamp(), clock_timestamp() + $4::float8 * interval '1 millisecond', $3
      FROM events.log WHERE id = $2
    ON CONFLICT DO NOTHING`
  await change(tx, { name: 'holdFailed', text }, [subscriber, event.id, reason, againInMs])
}

/** Those that wait behind an earlier one of the same person. */
export async function holdBehind(tx: Db, subscriber: string, events: readonly Logged[]): Promise<void> {
  if (events.length === 0) return
  const text = `
    INSERT INTO events.held (subscriber, event_id, person_id, at, xid, seq, tries)
    SELECT $1, id, person_id, at, xid, seq, 0 FROM events.log WHERE id = ANY ($2)
    ON CONFLICT DO NOTHING`
  await change(tx, { name: 'holdBehind', text }, [subscriber, events.map(event => event.id)])
}

/** Whether anything waits for another try. */
export async function anyHeld(db: Db, subscriber: string): Promise<boolean> {
  const text = 'SELECT 1 FROM events.held WHERE subscriber = $1 LIMIT 1'
  return (await ask(db, { name: 'anyHeld', text }, [subscriber])).length > 0
}

export interface Waiting {
  id: string
  tries: number
  /** Null when the event is no longer in the log. */
  event: Logged | null
}

/** The first events of the queue that is due the longest, in order; empty when none is due. */
export async function dueQueue(tx: Db, subscriber: string, limit: number): Promise<Waiting[]> {
  const text = `
    WITH head AS (
      SELECT event_id, person_id FROM events.held
       WHERE subscriber = $1 AND next_try_at <= clock_timestamp() ORDER BY next_try_at LIMIT 1)
    SELECT h.event_id AS waiting, h.tries, l.xid::text AS xid, l.seq, l.id, l.subject, l.person_id AS "personId",
           l.at, l.envelope
      FROM events.held h
      JOIN head ON h.person_id = head.person_id OR h.event_id = head.event_id
      LEFT JOIN events.log l ON l.id = h.event_id AND l.at = h.at
     WHERE h.subscriber = $1 ORDER BY h.xid, h.seq LIMIT $2`
  type Row = LoggedRow & { waiting: string; tries: number }
  const rows = await ask<Row>(tx, { name: 'dueQueue', text }, [subscriber, limit])
  return rows.map(({ waiting, tries, ...row }) => ({
    id: waiting,
    tries,
    event: row.id === null ? null : toLogged(row),
  }))
}

/** They are done with; the next of each queue is due at once. */
export async function release(tx: Db, subscriber: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const text = `
    WITH gone AS (
      DELETE FROM events.held WHERE subscriber = $1 AND event_id = ANY ($2) RETURNING event_id, person_id)
    UPDATE events.held h SET next_try_at = coalesce(h.next_try_at, clock_timestamp())
      FROM (SELECT DISTINCT ON (person_id) subscriber, event_id FROM events.held
             WHERE subscriber = $1 AND person_id IN (SELECT person_id FROM gone)
               AND event_id NOT IN (SELECT event_id FROM gone)
             ORDER BY person_id, xid, seq) next
     WHERE h.subscriber = next.subscriber AND h.event_id = next.event_id
    RETURNING 1`
  await ask(tx, { name: 'release', text }, [subscriber, ids])
}

/**
 * Another try of the first of a queue failed; answers how many it has had. With `onlyWhileOthersPass` a try counts
 * only when something else was taken since the last one: what takes nothing at all is away, and no event is to blame.
 */
export async function failedAgain(
  tx: Db,
  subscriber: string,
  id: string,
  failure: { reason: string; firstMs: number; mostMs: number; onlyWhileOthersPass: boolean },
): Promise<number> {
  const text = `
    UPDATE events.held h
       SET tries = tries + CASE WHEN NOT $4::boolean OR p.taken_at > h.tried_at OR h.tried_at IS NULL THEN 1 ELSE 0 END,
           tried_at = clock_timestamp(), reason = $3,
           next_try_at = clock_timestamp() + least($6::float8, $5::float8 * power(2, least(h.tries, 20))) * interval '1 millisecond'
      FROM events.places p
     WHERE h.subscriber = $1 AND h.event_id = $2 AND p.subscriber = $1
    RETURNING h.tries`
  const { reason, firstMs, mostMs, onlyWhileOthersPass } = failure
  const values = [subscriber, id, reason, onlyWhileOthersPass, firstMs, mostMs]
  const [row] = await ask<{ tries: number }>(tx, { name: 'failedAgain', text }, values)
  return row?.tries ?? 0
}

/** Gives one up; what waited behind it goes on. */
export async function bury(tx: Db, subscriber: string, id: string, reason: string): Promise<void> {
  const text = `
    INSERT INTO events.dead (subscriber, event_id, person_id, reason)
    SELECT subscriber, event_id, person_id, $3 FROM events.held WHERE subscriber = $1 AND event_id = $2
    ON CONFLICT (subscriber, event_id) DO UPDATE SET reason = excluded.reason, at = now()`
  await change(tx, { name: 'bury', text }, [subscriber, id, reason])
  await release(tx, subscriber, [id])
}

/** Those of these subscribers that have something to try again now. */
export async function subscribersDue(db: Db): Promise<string[]> {
  const text = 'SELECT DISTINCT subscriber FROM events.held WHERE next_try_at <= clock_timestamp()'
  return (await ask<{ subscriber: string }>(db, { name: 'subscribersDue', text }, [])).map(
    row => row.subscriber,
  )
}

/** What of a person waits for another try or was given up. */
export async function waitingOf(db: Db, personId: string) {
  type Row = { subscriber: string; eventId: string; state: 'held' | 'dead'; reason: string | null }
  const text = `
    SELECT subscriber, event_id AS "eventId", 'dead' AS state, reason FROM events.dead WHERE person_id = $1
    UNION ALL
    SELECT subscriber, event_id, 'held', reason FROM events.held WHERE person_id = $1`
  return ask<Row>(db, { name: 'waitingOf', text }, [personId])
}

export interface DeadLetter {
  subscriber: string
  eventId: string
  subject: string | null
  personId: string | null
  reason: string
  at: Date
}

export interface DeadPlace {
  at: Date
  eventId: string
  subscriber: string
}

/** The dead letters, newest first, from below one of them. */
export async function listDead(db: Db, below: DeadPlace | null, limit: number): Promise<DeadLetter[]> {
  const when = "date_trunc('milliseconds', d.at)"
  const text = `
    SELECT d.subscriber, d.event_id AS "eventId", d.person_id AS "personId", d.reason, ${when} AS at,
           (SELECT subject FROM events.log l WHERE l.id = d.event_id) AS subject
      FROM events.dead d
     WHERE $1::timestamptz IS NULL OR (${when}, d.event_id, d.subscriber) < ($1, $2::uuid, $3::text)
     ORDER BY 5 DESC, 2 DESC, 1 DESC LIMIT $4`
  const values = [below?.at ?? null, below?.eventId ?? null, below?.subscriber ?? null, limit]
  return ask<DeadLetter>(db, { name: 'listDead', text }, values)
}
