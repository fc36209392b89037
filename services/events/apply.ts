// One round of a subscriber: its effects, their ids and its place in the log commit together, so each event has its
// effect once. An event that fails is put aside with the later ones of its person, and everybody else goes on.
import { type Tx, transaction } from '@oo/kernel'
import { type Run, withBlame } from './blame.ts'
import type { Subscriber } from './door.ts'
import { handOn } from './handOn.ts'
import type { Logged } from './logged.ts'
import { comparePlaces, type Place, placeOf } from './place.ts'
import { readKnown, recordApplied } from './store/applied.ts'
import { bury, dueQueue, failedAgain, holdBehind, holdFailed, release } from './store/held.ts'
import { movePlace, takePlace } from './store/places.ts'
import { backOff, batchSize, nextBatch, type Round, type Work } from './work.ts'

const queueLength = 200

/** How many events a round takes: one at a time it can end at any of them, a batch only behind the last. */
const mostOf = ({ target, pace }: Work<Subscriber>, most: number): number =>
  'handleAll' in target ? Math.min(most, pace.size) : most

/** Applies what comes next. */
export function applyRound(work: Work<Subscriber>): Promise<Round> {
  return withBlame(work, mostOf(work, batchSize), async run => {
    const applied = await transaction(work.ctx.db, tx => applyNext(work, tx, run))
    if (applied === 'busy') return 'busy'
    work.position.read = applied.to
    work.count(applied.count)
    return applied.more ? 'more' : 'idle'
  })
}

async function applyNext(
  work: Work<Subscriber>,
  tx: Tx,
  run: Run,
): Promise<'busy' | { to: Place; more: boolean; count: number }> {
  const { name } = work.target
  const place = await takePlace(tx, name)
  if (!place) return 'busy'
  const { events, upTo, more } = await nextBatch(work, place, run.limit)
  run.taken = events.length
  if (events.length === 0) return { to: upTo ?? place, more, count: 0 }

  const known = await readKnown(tx, name, events)
  const { before, culprit } = upToCulprit(events, run)
  const waits = ({ personId }: Logged) => personId !== null && known.heldPeople.has(personId)
  const free = before.filter(event => !waits(event) && !known.applied.has(event.id))
  const done = await handOn(work, tx, { events: free, run })
  const cut = done.length < free.length ? done.at(-1) : culprit
  const behind = before.filter(event => waits(event) && (!cut || comparePlaces(event, cut) < 0))
  const to = cut ? placeOf(cut) : (upTo ?? place)
  await Promise.all([
    recordApplied(tx, name, done),
    holdBehind(tx, name, behind),
    run.culprit && culprit && cut === culprit
      ? holdFailed(tx, name, culprit, {
          reason: run.culprit.reason,
          againInMs: backOff(work.retries, 1),
        })
      : undefined,
    movePlace(tx, name, to),
  ])
  return { to, more: more || cut !== undefined, count: done.length }
}

/** A run that knows its culprit goes as far as it. */
function upToCulprit<Event extends { id: string }>(
  events: readonly Event[],
  { culprit: known }: Run,
): { before: readonly Event[]; culprit: Event | undefined } {
  const at = events.findIndex(({ id }) => id === known?.id)
  return at < 0
    ? { before: events, culprit: undefined }
    : { before: events.slice(0, at), culprit: events[at] }
}

/** Tries again what is due, one person at a time: `more` when something was. */
export function retryRound(work: Work<Subscriber>): Promise<Round> {
  return withBlame(work, mostOf(work, queueLength), run =>
    transaction(work.ctx.db, tx => applyWaiting(work, tx, run)),
  )
}

async function applyWaiting(work: Work<Subscriber>, tx: Tx, run: Run): Promise<Round> {
  const { name } = work.target
  if (!(await takePlace(tx, name))) return 'busy'
  const queue = await dueQueue(tx, name, run.limit)
  run.taken = queue.length
  if (queue.length === 0) return 'idle'
  const { before, culprit } = upToCulprit(queue, run)
  const inLog = before.flatMap(({ event }) => event ?? [])
  const known = inLog.length > 0 ? await readKnown(tx, name, inLog) : undefined
  const free = inLog.filter(({ id }) => !known?.applied.has(id))
  const done = await handOn(work, tx, { events: free, run })
  const next = free[done.length]
  const finished = before.slice(0, next ? before.findIndex(({ id }) => id === next.id) : before.length)
  await Promise.all([
    recordApplied(tx, name, done),
    release(
      tx,
      name,
      finished.map(({ id }) => id),
    ),
  ])
  if (run.culprit && culprit && !next) await failAgain(work, tx, run.culprit)
  return 'more'
}

async function failAgain(
  { target: { name }, retries }: Work<Subscriber>,
  tx: Tx,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  const tries = await failedAgain(tx, name, id, { ...retries, reason, onlyWhileOthersPass: false })
  if (tries >= retries.tries) await bury(tx, name, id, lastWords(name, tries, reason))
}

export const lastWords = (name: string, tries: number, reason: string): string =>
  `${name} failed ${tries} times. ${reason}`
