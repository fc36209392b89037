import type { Portable } from '@oo/kernel'

const place = '(SELECT count(*) FROM events.log l WHERE (l.xid, l.seq) <= (t.xid, t.seq))'
const oneTransaction = `'3'::xid8`

/**
 * How the log travels to another server, where transactions are numbered anew: everything becomes one transaction
 * below all of the new server's, and `seq` alone carries the order. A place becomes the count of what lies before it.
 */
export const portable: Portable = {
  'events.log': { xid: oneTransaction, seq: 'row_number() OVER (ORDER BY t.xid, t.seq)' },
  'events.places': { xid: oneTransaction, seq: place, owner: 'NULL', leased_until: 'NULL' },
  'events.held': { xid: oneTransaction, seq: place },
}
