// One round of a subscriber: its effects, their ids and its place in the log commit together, so each event has its
// effect once. An event that fails is put aside with the later ones of its person, and everybody else goes on.
import { type Tx, transaction } from '@oo/kernel'
import { type Run, withBlame } from './blame.ts'
import type { Subscriber } from './door.ts'
import type { Logged } from './logged.ts'
import { type Place, placeOf } from './place.ts'
import { applyStep } from './steps.ts'
import { readKnown, recordApplied } from './store/applied.ts'
import { bury, dueQueue, failedAgain, holdBehind, holdFailed, release } from './store/held.ts'
import { movePlace, takePlace } from './store/places.ts'
import { backOff, batchSize, nextBatch, type Round, type Work } from './work.ts'

/** A transaction that has written holds up what everybody may read of the log, so it stays short. */
const transactionMs = 200
const queueLength = 200

/** Applies what comes next. */
export function applyRound(work: Work<Subscriber>): Promise<Round> {
  return withBlame(work, batchSize, async run => {
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
  if (events.length === 0) return { to: upTo ?? place, more, count: 0 }

  const known = await readKnown(tx, name, events)
  const heldPeople = new Set(known.heldPeople)
  const done: Logged[] = []
  const behind: Logged[] = []
  let cut: Logged | undefined
  const endsAt = performance.now() + transactionMs
  for (const event of events) {
    if (event.id === run.culprit?.id) {
      const failed = { reason: run.culprit.reason, againInMs: backOff(work.retries, 1) }
      await holdFailed(tx, name, event, failed)
      cut = event
    } else if (event.personId && heldPeople.has(event.personId)) behind.push(event)
    else if (!known.applied.has(event.id)) {
      run.current = event
      await applyStep(work.target, tx, event.read())
      done.push(event)
    }
    if (work.signal.aborted || performance.now() > endsAt) cut = event
    if (cut) break
  }
  await recordApplied(tx, name, done)
  await holdBehind(tx, name, behind)
  const to = cut ? placeOf(cut) : (upTo ?? place)
  await movePlace(tx, name, to)
  return { to, more: more || cut !== undefined, count: done.length }
}

/** Tries again what is due, one person at a time: `more` when something was. */
export function retryRound(work: Work<Subscriber>): Promise<Round> {
  return withBlame(work, queueLength, run => transaction(work.ctx.db, tx => applyWaiting(work, tx, run)))
}

async function applyWaiting(work: Work<Subscriber>, tx: Tx, run: Run): Promise<Round> {
  const { name } = work.target
  if (!(await takePlace(tx, name))) return 'busy'
  const queue = await dueQueue(tx, name, run.limit)
  if (queue.length === 0) return 'idle'
  const events = queue.flatMap(({ event }) => event ?? [])
  const known = events.length > 0 ? await readKnown(tx, name, events) : undefined
  const done: Logged[] = []
  const finished: string[] = []
  for (const { id, event } of queue) {
    if (id === run.culprit?.id || work.signal.aborted) break
    if (event && !known?.applied.has(id)) {
      run.current = event
      await applyStep(work.target, tx, event.read())
      done.push(event)
    }
    finished.push(id)
  }
  await recordApplied(tx, name, done)
  await release(tx, name, finished)
  if (run.culprit) await failAgain(work, tx, run.culprit)
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
