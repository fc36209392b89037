// One round of a forwarder: a bounded batch leaves the database in order, at least once, under a lease and outside
// any transaction. One failure does not tell an event from an outage: only one that fails alone, while another one
// passes, is put aside with the later ones of its person.
import { transaction } from '@oo/kernel'
import { lastWords } from './apply.ts'
import type { PartOfLog } from './door.ts'
import { sentenceOf } from './failure.ts'
import type { Logged } from './logged.ts'
import { comparePlaces, logBegin, type Place, placeOf } from './place.ts'
import { StartOver } from './startOver.ts'
import { readKnown } from './store/applied.ts'
import { anyHeld, bury, dueQueue, failedAgain, holdBehind, holdFailed, release } from './store/held.ts'
import { lease, moveLeased } from './store/places.ts'
import { leaseMs, underLease } from './underLease.ts'
import { backOff, batchSize, type Carrier, nextBatch, type Round } from './work.ts'

const queueLength = 200
const midway: PartOfLog = { isFirst: false, isLast: false }

/** A batch in two parts: what goes out, and what waits behind events that are held. */
interface Load {
  free: Logged[]
  behind: Logged[]
  to: Place
}

export const deliverRound = (carrier: Carrier): Promise<Round> => orStartOver(carrier, deliverNext(carrier))
/** Tries again what is due, one person at a time. */
export const redeliverRound = (carrier: Carrier): Promise<Round> =>
  orStartOver(carrier, deliverWaiting(carrier))

async function deliverNext(carrier: Carrier): Promise<Round> {
  const { work } = carrier
  const { name } = work.target
  const place = await takeLease(carrier)
  if (!place) return 'busy'
  const { events, upTo, more } = await nextBatch(work, place, batchSize)
  if (events.length === 0) {
    work.position.read = upTo ?? place
    return more ? 'more' : 'idle'
  }
  const { heldPeople } = await readKnown(work.ctx.db, name, events)
  const end = upTo ?? place
  const load = loadOf(events, heldPeople, carrier.size, end)
  const isFirst = comparePlaces(place, logBegin) === 0
  const endsHere = !more && load.to === end && load.behind.length === 0
  const isLast = endsHere && !(await anyHeld(work.ctx.db, name))
  try {
    if (load.free.length > 0) await underLease(carrier, load.free, { isFirst, isLast })
  } catch (error) {
    return await afterFailure(carrier, { error, load, events, heldPeople, isFirst })
  }
  carrier.size = Math.min(batchSize, carrier.size * 2)
  carrier.flows = true
  work.count(load.free.length)
  const moved = await settle(carrier, load)
  return moved ? (more || load.to !== upTo ? 'more' : 'idle') : 'busy'
}

/** Whoever else has the lease may start over, so what this process knew of the place says nothing then. */
async function takeLease({ work, owner }: Carrier): Promise<Place | null> {
  const place = await lease(work.ctx.db, work.target.name, owner, leaseMs)
  if (!place) work.position.read = undefined
  return place
}

function loadOf(events: readonly Logged[], heldPeople: ReadonlySet<string>, size: number, end: Place): Load {
  const free: Logged[] = []
  const behind: Logged[] = []
  for (const event of events) {
    if (event.personId && heldPeople.has(event.personId)) behind.push(event)
    else if (free.push(event) === size)
      return { free, behind, to: event === events.at(-1) ? end : placeOf(event) }
  }
  return { free, behind, to: end }
}

/** What was taken, or put aside, and the place behind it, in one transaction. */
async function settle(
  { work, owner }: Carrier,
  { behind, to }: Pick<Load, 'behind' | 'to'>,
  failed?: { event: Logged; reason: string },
): Promise<boolean> {
  const { name } = work.target
  const moved = await transaction(work.ctx.db, async tx => {
    if (!(await moveLeased(tx, name, owner, to, leaseMs))) return false
    if (failed) {
      const { event, reason } = failed
      await holdFailed(tx, name, event, { reason, againInMs: backOff(work.retries, 1) })
    }
    await holdBehind(tx, name, behind)
    return true
  })
  work.position.read = moved ? to : undefined
  return moved
}

interface Failure {
  error: unknown
  load: Load
  events: readonly Logged[]
  heldPeople: ReadonlySet<string>
  isFirst: boolean
}

async function afterFailure(carrier: Carrier, failure: Failure): Promise<Round> {
  const { error, load } = failure
  if (error instanceof StartOver) throw error
  const hadFlowed = carrier.flows
  carrier.flows = false
  carrier.size = 1
  const [event] = load.free
  if (carrier.work.signal.aborted || !event) throw error
  if (load.free.length > 1 && hadFlowed) return 'more'
  if (load.free.length > 1 || !(await othersPass(carrier, event, failure))) throw error
  return 'more'
}

/** Whatever was being delivered when it was asked for. */
async function orStartOver({ work, owner }: Carrier, round: Promise<Round>): Promise<Round> {
  const why = await round.catch((error: unknown) => {
    if (error instanceof StartOver) return error
    throw error
  })
  if (!(why instanceof StartOver)) return why
  const { name } = work.target
  work.ctx.log.warn({ err: why, subscriber: name }, 'a forwarder starts over from the beginning of the log')
  work.position.read = undefined
  return (await moveLeased(work.ctx.db, name, owner, logBegin, leaseMs)) ? 'more' : 'busy'
}

/** Tries the next event of somebody else: when that one is taken, this one is to blame and is put aside. */
async function othersPass(
  carrier: Carrier,
  event: Logged,
  { error, events, heldPeople, load, isFirst }: Failure,
): Promise<boolean> {
  const behind = [...load.behind]
  for (const other of events.slice(events.indexOf(event) + 1)) {
    const waits =
      other.personId !== null && (other.personId === event.personId || heldPeople.has(other.personId))
    if (waits) {
      behind.push(other)
      continue
    }
    try {
      await underLease(carrier, [other], { isFirst, isLast: false })
    } catch (thrown) {
      if (thrown instanceof StartOver) throw thrown
      return false
    }
    carrier.flows = true
    const reason = sentenceOf(error)
    carrier.work.ctx.log.warn(
      { err: error, subscriber: carrier.work.target.name, event: event.id },
      'an event was not taken though others were; it is tried again, and the later ones of its person wait',
    )
    await settle(carrier, { behind, to: placeOf(other) }, { event, reason })
    return true
  }
  return false
}

async function deliverWaiting(carrier: Carrier): Promise<Round> {
  const { work, owner } = carrier
  const { db } = work.ctx
  const { name } = work.target
  const place = await takeLease(carrier)
  if (!place) return 'busy'
  const queue = await dueQueue(db, name, queueLength)
  const [first] = queue
  if (!first) return 'idle'
  const events = queue.flatMap(({ event }) => event ?? [])
  let error: unknown
  for (const load of events.length > 1 ? [events, events.slice(0, 1)] : [events]) {
    try {
      if (load.length > 0) await underLease(carrier, load, midway)
      const last = load.at(-1)
      const done = last ? queue.slice(0, queue.findIndex(({ id }) => id === last.id) + 1) : queue
      await transaction(db, async tx => {
        await release(
          tx,
          name,
          done.map(({ id }) => id),
        )
        await moveLeased(tx, name, owner, place, leaseMs)
      })
      return 'more'
    } catch (thrown) {
      work.signal.throwIfAborted()
      if (thrown instanceof StartOver) throw thrown
      error = thrown
    }
  }
  const reason = sentenceOf(error)
  await transaction(db, async tx => {
    const failure = { ...work.retries, reason, onlyWhileOthersPass: true }
    const tries = await failedAgain(tx, name, events[0]?.id ?? first.id, failure)
    if (tries >= work.retries.tries) await bury(tx, name, first.id, lastWords(name, tries, reason))
  })
  return 'more'
}
