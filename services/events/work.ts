import type { Ctx } from '@oo/kernel'
import type { Forwarder, Subscriber } from './door.ts'
import type { Logged } from './logged.ts'
import { laterOf, type Place, placeOf } from './place.ts'
import { readWanted } from './store/log.ts'
import type { Tail } from './tail.ts'

/** How often and how soon what failed is tried again. */
export interface Retries {
  firstMs: number
  mostMs: number
  tries: number
}

export const defaultRetries: Retries = { firstMs: 200, mostMs: 30_000, tries: 8 }

export const backOff = ({ firstMs, mostMs }: Retries, tries: number): number =>
  Math.min(mostMs, firstMs * 2 ** Math.min(20, Math.max(0, tries - 1)))

/** What one subscriber's rounds share: where they are and what they are made of. */
export interface Work<For extends Subscriber | Forwarder = Subscriber | Forwarder> {
  ctx: Pick<Ctx, 'db' | 'log'>
  tail: Tail
  retries: Retries
  target: For
  wanted: ReadonlySet<string>
  signal: AbortSignal
  /** Up to `read` nothing is left to do, also when the place in the database says less. */
  position: { read: Place | undefined }
  /** How many events its next batch may have, if it takes them in batches. */
  pace: { size: number }
  /** Told how many events were applied or taken. */
  count(events: number): void
}

export interface Carrier {
  work: Work<Forwarder>
  /** This process, as the lease knows it. */
  owner: string
  /** How many events the next batch may have: one after a failure, then twice as many each time. */
  size: number
  /** Whether the last batch was taken. */
  flows: boolean
}

/** `busy`: another process is at it; `more`: there is more to do at once; `idle`: nothing for now. */
export type Round = 'busy' | 'more' | 'idle'

export const batchSize = 500
/** Of a subscriber that takes batches: how fast it is shows as it goes. */
export const firstBatch = 50
const stretchSize = 2_000
/** How much of the log is looked through at once for what a subscriber wants. */
const examinedAtOnce = 10_000

export interface Batch {
  /** Those the subscriber wants, in order. */
  events: Logged[]
  /** The last one looked at; what lies before it concerns the subscriber only if it is among the events. */
  upTo: Place | undefined
  more: boolean
}

/** What comes next for a subscriber: from memory when it keeps up, else from the log. */
export async function nextBatch(work: Work, place: Place, limit: number): Promise<Batch> {
  const from = laterOf(place, work.position.read)
  const stretch = work.tail.after(from, stretchSize)
  if (!stretch) {
    const range = { subjects: [...work.wanted], limit, examined: examinedAtOnce }
    const { events, examined, end } = await readWanted(work.ctx.db, from, range)
    return { events, upTo: end, more: events.length === limit || examined === examinedAtOnce }
  }
  const wanted = stretch.filter(event => work.wanted.has(event.subject))
  const events = wanted.slice(0, limit)
  const last = wanted.length > limit ? events.at(-1) : stretch.at(-1)
  return {
    events,
    upTo: last && placeOf(last),
    more: wanted.length > limit || stretch.length === stretchSize,
  }
}

/** Whether memory shows that there is nothing to do; then the database need not be asked. */
export function nothingNew(work: Work): boolean {
  if (!work.position.read) return false
  const stretch = work.tail.after(work.position.read, stretchSize)
  if (!stretch || stretch.length === stretchSize) return false
  if (stretch.some(event => work.wanted.has(event.subject))) return false
  const last = stretch.at(-1)
  if (last) work.position.read = placeOf(last)
  return true
}
