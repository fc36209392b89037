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
  /** How many it took. */
  taken: number
  /** The events being handled, or the last ones that were. */
  handed: readonly Logged[]
}

/** A query of an earlier event failed and its handler said nothing: whose it was shows only when it is alone. */
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
    const now: Run = { culprit, limit: atMost, taken: 0, handed: [] }
    try {
      return await run(now)
    } catch (error) {
      const [event, ...others] = now.handed
      if (isNobodysFault(error) || !event || runs > limit) throw error
      if (now.taken > 1 && (others.length > 0 || isLeftBroken(error))) atMost = now.taken >> 1
      else {
        culprit = { id: event.id, reason: sentenceOf(error) }
        work.ctx.log.warn(
          { err: error, subscriber: work.target.name, event: event.id },
          'an event could not be applied; it is tried again, and the later ones of its person wait',
        )
      }
    }
  }
}
