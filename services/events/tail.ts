// What is new in the log, read once for everybody in this process: the newest events stay in memory, subscribers
// that keep up are served from there, and whoever watches is told. It asks by its own cursor instead of being
// notified: a NOTIFY inside each append would make all commits wait for one another.
import { type Ctx, onChanged } from '@oo/kernel'
import type { Envelope } from '@oo/shared-types/events'
import type { Logged } from './logged.ts'
import { comparePlaces, logBegin, type Place } from './place.ts'
import { readAfter, readNewest } from './store/log.ts'

/** An erasure tells every process of the person it erased. */
export const tailTopic = 'events.tail'

const kept = 4_000
const firstSight = 1_000
const readAtOnce = 2_000
const idleMs = 250
/** While a commit of this process is not below the oldest running transaction yet. */
const awaitedMs = { first: 5, most: 100 }
const awaitedAtMost = 10_000
/** Then what was expected is not coming: it was erased before it was read. */
const emptyPollsAtMost = 600

export interface Tail {
  start(): void
  stop(): Promise<void>
  /** An event of this process has been committed: it can be seen soon. */
  expect(event: Envelope): void
  /** Reads what is new; answers how much. */
  poll(): Promise<number>
  /** What comes after a place, when memory reaches back that far. */
  after(place: Place, limit: number): Logged[] | undefined
  /** Called after each read that brought something; what it returns ends that. */
  onNew(tell: (events: readonly Logged[]) => void): () => void
  recent(): readonly Logged[]
  /** How far it has read. */
  end(): Place
}

export function openTail(ctx: Pick<Ctx, 'db' | 'log'>): Tail {
  let events: Logged[] = []
  /** Every event after `from` and up to `cursor` is in memory. */
  let from: Place | undefined
  let cursor: Place = logBegin
  let flight: Promise<number> | undefined
  let running: Promise<void> | undefined
  let stopped = false
  let wake = () => {}
  const awaited = new Set<string>()
  /** Who was erased since the present reading began: it may still bring their events. */
  let erased = new Set<string>()
  let isKnown = true
  const listeners = new Set<(events: readonly Logged[]) => void>()

  const begin = async (): Promise<Logged[]> => {
    const newest = await readNewest(ctx.db, firstSight)
    const [first] = newest
    if (newest.length < firstSight || !first) {
      from = logBegin
      return newest
    }
    from = { xid: first.xid, seq: first.seq }
    return newest.slice(1)
  }

  const read = async (): Promise<number> => {
    erased = new Set()
    isKnown = true
    const fresh = from ? await readAfter(ctx.db, cursor, readAtOnce) : await begin()
    const last = fresh.at(-1)
    if (!last) return 0
    for (const event of fresh) awaited.delete(event.id)
    events.push(...fresh.filter(({ personId }) => !personId || !erased.has(personId)))
    cursor = { xid: last.xid, seq: last.seq }
    if (!isKnown) forgetAll()
    if (events.length > 2 * kept) {
      const gone = events.at(-kept - 1)
      if (gone) from = { xid: gone.xid, seq: gone.seq }
      events = events.slice(-kept)
    }
    for (const tell of listeners) tell(fresh)
    return fresh.length
  }

  const poll = (): Promise<number> => {
    flight ??= read().finally(() => {
      flight = undefined
    })
    return flight
  }

  const forgetAll = () => {
    events = []
    if (from) from = cursor
  }

  // Nothing of an erased person stays in memory; when it is not known who was erased, nothing of anybody.
  onChanged(ctx.db, tailTopic, ids => {
    if (ids === 'all') {
      isKnown = false
      forgetAll()
      return
    }
    for (const id of ids) erased.add(id)
    events = events.filter(({ personId }) => !personId || !ids.includes(personId))
  })

  const rest = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const run = async () => {
    let awaitingMs = awaitedMs.first
    let emptyPolls = 0
    while (!stopped) {
      const count = await poll().catch((error: unknown) => {
        ctx.log.warn({ err: error }, 'the event log could not be read; it is read again in a moment')
        return -1
      })
      if (stopped || count === readAtOnce) continue
      emptyPolls = count > 0 ? 0 : emptyPolls + 1
      if (emptyPolls > emptyPollsAtMost) awaited.clear()
      awaitingMs =
        count === 0 && awaited.size > 0 ? Math.min(awaitedMs.most, awaitingMs * 2) : awaitedMs.first
      await rest(count < 0 || awaited.size === 0 ? idleMs : awaitingMs)
    }
  }

  return {
    start() {
      running ??= run()
    },
    async stop() {
      stopped = true
      wake()
      await running
      await flight?.catch(() => {})
    },
    expect(event) {
      if (!running) return
      if (awaited.size < awaitedAtMost) awaited.add(event.id)
      if (!flight) wake()
    },
    poll,
    after(place, limit) {
      if (!from || comparePlaces(place, from) < 0) return undefined
      const start = firstAfter(events, place)
      return events.slice(start, start + limit)
    },
    onNew(tell) {
      listeners.add(tell)
      return () => void listeners.delete(tell)
    },
    recent: () => events,
    end: () => cursor,
  }
}

function firstAfter(events: readonly Logged[], place: Place): number {
  let [low, high] = [0, events.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const event = events[middle]
    if (event && comparePlaces(event, place) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
