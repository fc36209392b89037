// When a source is looked at again.
import type { IntegrationsCtx } from './context.ts'

type Turns = Pick<IntegrationsCtx, 'clock' | 'random' | 'lookEveryMs'>
/** A source may have an interval of its own. */
export const turnsOf = (ctx: IntegrationsCtx, source: string): Turns => ({
  clock: ctx.clock,
  random: ctx.random,
  lookEveryMs: ctx.sources.get(source)?.lookEveryMs ?? ctx.lookEveryMs,
})

const firstPauseMs = 30_000

/** A little before the interval is over, each at another moment, so that looks do not come in crowds. */
export const nextTurn = ({ clock, random, lookEveryMs }: Turns): Date =>
  new Date(clock.now().getTime() + lookEveryMs * (1 - 0.2 * random.next()))

/** After a failure sooner than the next turn, ever later while it lasts; the provider may ask for later, not for sooner. */
export function turnAfterTrouble(
  turns: Turns,
  { failures, retryAfterSeconds }: { failures: number; retryAfterSeconds: number | undefined },
): Date {
  const { clock, random, lookEveryMs } = turns
  const pauseMs = Math.min(lookEveryMs, firstPauseMs * 2 ** Math.min(failures, 20))
  const waitMs = Math.max(pauseMs * (1 - 0.2 * random.next()), (retryAfterSeconds ?? 0) * 1_000)
  return new Date(clock.now().getTime() + waitMs)
}
