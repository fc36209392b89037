import type { Portable } from '@oo/kernel'

const xid = `'3'::xid8`

/** Each row `t` of a table with how much of the log lies up to it, `c.place`: one pass, however many there are. */
const counted = (table: string, key: string, eventId: string): string => `${table} t JOIN (
  SELECT ${key}, count(*) FILTER (WHERE logged) OVER (ORDER BY xid, seq) AS place
    FROM (SELECT xid, seq, true AS logged, NULL::uuid AS event_id, NULL AS subscriber FROM events.log
          UNION ALL SELECT xid, seq, false, ${eventId}, subscriber FROM ${table}) both_of_them
  ) c USING (${key})`

/**
 * How the log travels to another server, where transactions are numbered anew: everything becomes one transaction
 * below all of the new server's, and `seq` alone carries the order. A place becomes the count of what lies before it.
 */
export const portable: Portable = {
  'events.log': { columns: { xid, seq: 'row_number() OVER (ORDER BY t.xid, t.seq)' } },
  'events.places': {
    columns: { xid, seq: 'c.place', owner: 'NULL', leased_until: 'NULL' },
    from: counted('events.places', 'subscriber', 'NULL'),
  },
  'events.held': {
    columns: { xid, seq: 'c.place' },
    from: counted('events.held', 'subscriber, event_id', 'event_id'),
  },
}
