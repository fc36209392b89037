// Gives a subscriber its events, inside the transaction of their effects.
import type { Tx } from '@oo/kernel'
import type { Run } from './blame.ts'
import type { Subscriber } from './door.ts'
import type { Logged } from './logged.ts'
import { applyStep, applySteps } from './steps.ts'
import { batchSize, type Work } from './work.ts'

/** A transaction that has written holds up what everybody may read of the log, so it stays short. */
const transactionMs = 200

/** Hands on as many as there is time for, at least one; answers which. */
export async function handOn(
  { target, pace, signal }: Work<Subscriber>,
  tx: Tx,
  { events, run }: { events: readonly Logged[]; run: Run },
): Promise<readonly Logged[]> {
  if (events.length === 0) return events
  const began = performance.now()
  if ('handleAll' in target) {
    run.handed = events
    await applySteps(
      target,
      tx,
      events.map(event => event.read()),
    )
    pace.size = sizeAfter(pace.size, events.length, performance.now() - began)
    return events
  }
  for (const [at, event] of events.entries()) {
    run.handed = [event]
    await applyStep(target, tx, event.read())
    if (signal.aborted || performance.now() - began > transactionMs) return events.slice(0, at + 1)
  }
  return events
}

/** A batch cannot be cut once it is handed on: its size follows the time that the last one took. */
function sizeAfter(size: number, count: number, ms: number): number {
  if (ms > transactionMs / 2) return Math.max(1, Math.min(size, count) >> 1)
  return count * 2 > size && ms < transactionMs / 8 ? Math.min(batchSize, size * 2) : size
}
