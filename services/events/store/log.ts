// The log itself: written beside the rows an event tells of, read by place.
import type { Db, Tx } from '@oo/kernel'
import { type Logged, type LoggedRow, toLogged } from '../logged.ts'
import { type Place, placeOf } from '../place.ts'
import { ask, change } from './ask.ts'

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

const columns = 'xid::text AS xid, seq, id, subject, person_id AS "personId", at, envelope'

/**
 * What comes after a place, oldest first, and only what lies below the oldest running transaction: ids do not
 * commit in order, so anything above it could still gain an earlier neighbour.
 */
export async function readAfter(db: Db, place: Place, limit: number): Promise<Logged[]> {
  const text = `
    SELECT ${columns} FROM events.log
     WHERE (xid, seq) > ($1::xid8, $2::bigint) AND log.xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY log.xid, seq LIMIT $3`
  const rows = await ask<LoggedRow>(db, { name: 'readAfter', text }, [place.xid, place.seq, limit])
  return rows.map(toLogged)
}

/**
 * The same for some subjects, out of the next `examined` events: how many those were, and where they or the answer
 * end. The limits are lazy, so that a kind that is frequent costs only what is answered.
 */
export async function readWanted(
  db: Db,
  place: Place,
  { subjects, limit, examined }: { subjects: readonly string[]; limit: number; examined: number },
): Promise<{ events: Logged[]; examined: number; end: Place | undefined }> {
  const text = `
    WITH stretch AS NOT MATERIALIZED (
      SELECT * FROM events.log
       WHERE (xid, seq) > ($1::xid8, $2::bigint) AND log.xid < pg_snapshot_xmin(pg_current_snapshot())
       ORDER BY log.xid, seq LIMIT ${examined}),
    wanted AS MATERIALIZED (SELECT * FROM stretch WHERE subject = ANY ($3) ORDER BY stretch.xid, seq LIMIT $4)
    SELECT xid AS position, xid::text AS xid, seq, id, subject, person_id AS "personId", at, envelope,
           NULL::bigint AS examined
      FROM wanted
    UNION ALL
    (SELECT xid, xid::text, seq, NULL, NULL, NULL, NULL, NULL, count(*) OVER () FROM stretch
      WHERE (SELECT count(*) FROM wanted) < $4 ORDER BY stretch.xid DESC, seq DESC LIMIT 1)
    ORDER BY 1, 3, examined NULLS FIRST`
  type Row = LoggedRow & { examined: number | null }
  const values = [place.xid, place.seq, subjects, limit]
  const rows = await ask<Row>(db, { name: 'readWanted', text }, values)
  const last = rows.at(-1)
  const events = rows.filter(row => row.examined === null)
  return {
    events: events.map(({ examined: _, ...row }) => toLogged(row)),
    examined: last?.examined ?? 0,
    end: last && placeOf(last),
  }
}

/** The newest events that nothing can come before any more, oldest first. */
export async function readNewest(db: Db, limit: number): Promise<Logged[]> {
  const text = `
    SELECT ${columns} FROM events.log WHERE log.xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY log.xid DESC, seq DESC LIMIT $1`
  const rows = await ask<LoggedRow>(db, { name: 'readNewest', text }, [limit])
  return rows.map(toLogged).reverse()
}

export interface Listed extends Logged {
  /** Every subscriber that has applied it. */
  appliedBy: string[]
}

/** How much of the log one page may look through for events of a rare kind. */
export const examinedAtMost = 50_000

/** Newest first, from below a place; with a filter, within the newest events below it. */
export async function listBelow(
  db: Db,
  below: Place | null,
  filter: { subject?: string; personId?: string },
  limit: number,
): Promise<{ events: Listed[]; examinedTo: Place | null }> {
  const at = below ?? { xid: '18446744073709551615', seq: 0 }
  const stretch = filter.personId
    ? 'SELECT * FROM events.log WHERE person_id = $4 AND (xid, seq) < ($1::xid8, $2::bigint)'
    : 'SELECT * FROM events.log WHERE (xid, seq) < ($1::xid8, $2::bigint) AND $4::uuid IS NULL'
  const text = `
    WITH stretch AS MATERIALIZED (${stretch} ORDER BY xid DESC, seq DESC LIMIT $5),
         wanted AS (SELECT * FROM stretch WHERE $3::text IS NULL OR subject = $3 ORDER BY xid DESC, seq DESC LIMIT $6)
    SELECT xid AS position, xid::text AS xid, seq, id, subject, person_id AS "personId", w.at, envelope,
           ARRAY(SELECT subscriber FROM events.applied a WHERE a.event_id = w.id AND a.at = w.at ORDER BY 1) AS "appliedBy"
      FROM wanted w
    UNION ALL
    (SELECT xid, xid::text, seq, NULL, NULL, NULL, NULL, NULL, NULL FROM stretch
      WHERE (SELECT count(*) FROM stretch) = $5 ORDER BY stretch.xid, stretch.seq LIMIT 1)
    ORDER BY 1 DESC, 3 DESC`
  const name = filter.personId ? 'listOfPerson' : 'listBelow'
  const examined = filter.subject ? examinedAtMost : limit
  const values = [at.xid, at.seq, filter.subject ?? null, filter.personId ?? null, examined, limit]
  const rows = await ask<LoggedRow & { appliedBy: string[] }>(db, { name, text }, values)
  const end = rows.find(row => row.id === null)
  return {
    events: rows.filter(row => row.id !== null).map(row => ({ ...toLogged(row), appliedBy: row.appliedBy })),
    examinedTo: end ? { xid: end.xid, seq: end.seq } : null,
  }
}

export async function eventsOf(db: Db, personId: string): Promise<Logged[]> {
  const text = `SELECT ${columns} FROM events.log WHERE person_id = $1 ORDER BY log.xid, seq`
  return (await ask<LoggedRow>(db, { name: 'eventsOf', text }, [personId])).map(toLogged)
}

/** Everything that is kept of a person here; what was applied goes first, while the log still says what it was. */
export async function eraseEvents(tx: Tx, personId: string): Promise<number> {
  const gone = [
    `DELETE FROM events.applied a USING events.log l
      WHERE l.person_id = $1 AND a.event_id = l.id AND a.at = l.at`,
    'DELETE FROM events.held WHERE person_id = $1',
    'DELETE FROM events.dead WHERE person_id = $1',
    'DELETE FROM events.log WHERE person_id = $1',
  ]
  let rows = 0
  for (const [at, text] of gone.entries()) rows += await change(tx, { name: `erase${at}`, text }, [personId])
  return rows
}

/** The transaction of the newest event that is committed; null when there is none. */
export async function newestCommitted(db: Db): Promise<string | null> {
  const text = 'SELECT xid::text AS xid FROM events.log ORDER BY log.xid DESC, seq DESC LIMIT 1'
  const [row] = await ask<{ xid: string }>(db, { name: 'newestCommitted', text }, [])
  return row?.xid ?? null
}

/** Whether nothing can come before this transaction's events any more. */
export async function isSettled(db: Db, xid: string): Promise<boolean> {
  const text = 'SELECT $1::xid8 < pg_snapshot_xmin(pg_current_snapshot()) AS settled'
  const [row] = await ask<{ settled: boolean }>(db, { name: 'isSettled', text }, [xid])
  return row?.settled ?? false
}
