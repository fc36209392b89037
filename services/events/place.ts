/** A place in the log: ids do not commit in order, but these pairs, read below the oldest running transaction, do. */
export interface Place {
  xid: string
  seq: number
}

export const logBegin: Place = { xid: '0', seq: 0 }

/** Below zero when `a` comes first. Transaction ids stay far below 2^53. */
export const comparePlaces = (a: Place, b: Place): number => Number(a.xid) - Number(b.xid) || a.seq - b.seq

export const laterOf = (a: Place, b: Place | undefined): Place => (b && comparePlaces(a, b) < 0 ? b : a)

export const placeOf = ({ xid, seq }: Place): Place => ({ xid, seq })
