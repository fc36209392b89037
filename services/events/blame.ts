// Finds the one event that makes a round fail, so that the others can go on.
import type { Subscriber } from './door.ts'
import { isNobodysFault, sentenceOf } from './failure.ts'
import type { Logged } from './logged.ts'
import type { Round, Work } from './work.ts'

/** What a run of a round is told, and what it tells. */
export interface Run {
  /** The event that made the last run fail: this run puts it aside and ends there. */
  culprit: { id: string; reason: string } | undefined
  /** How many events it may take. */
  limit: number
  /** The event being handled, or the last one that was. */
  current: Logged | undefined
}

/** A query of an earlier event failed and its handler said nothing: whose it was shows only one at a time. */
const isLeftBroken = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === '25P02') || (error.cause !== undefined && isLeftBroken(error.cause)))

/** Runs a round until it commits; each run takes less than the one before, so there is an end. */
export async function withBlame(
  work: Work<Subscriber>,
  limit: number,
  run: (run: Run) => Promise<Round>,
): Promise<Round> {
  let culprit: Run['culprit']
  let atMost = limit
  for (let runs = 0; ; runs++) {
    const now: Run = { culprit, limit: atMost, current: undefined }
    try {
      return await run(now)
    } catch (error) {
      const { current } = now
      if (isNobodysFault(error) || !current || runs > limit) throw error
      if (isLeftBroken(error) && atMost > 1) atMost = 1
      else {
        culprit = { id: current.id, reason: sentenceOf(error) }
        work.ctx.log.warn(
          { err: error, subscriber: work.target.name, event: current.id },
          'an event could not be applied; it is tried again, and the later ones of its person wait',
        )
      }
    }
  }
}
