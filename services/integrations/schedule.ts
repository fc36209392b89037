// When which source is looked at. The times are in the database, so that any process takes the next one; here is only
// how many at once. A look that hangs holds one of these places and nobody else's turn.
import type { IntegrationsCtx } from './context.ts'
import { lookAgain } from './lookAgain.ts'
import { claimLooks, type Due } from './storeLooks.ts'

export const defaultLookEveryMs = 600_000
/** Fewer than the connections there are to a provider: what a person waits for needs some too. */
const atOnce = 12
const roundEveryMs = 2_000
/** Longer than a look may take. */
const leaseMs = 60_000
const lookWithinMs = 50_000

export interface Schedule {
  start(): void
  /** Begins what is due, as far as there is room. */
  round(): Promise<void>
  /** Lets nothing new begin, ends what is under way. */
  stop(): Promise<void>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export function openSchedule(ctx: IntegrationsCtx): Schedule {
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let claiming: Promise<void> | undefined

  async function look(due: Due): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(lookWithinMs)])
    try {
      await lookAgain(ctx, { ...due, signal })
    } catch (error) {
      if (!stopping.signal.aborted)
        ctx.log.error(
          { err: error, source: due.source },
          'a source was not looked at; it is tried again in a minute',
        )
    }
  }

  async function claim(): Promise<void> {
    const providers = [...ctx.sources.values()].flatMap(({ about, connector }) =>
      (connector?.tasks || connector?.calendar) && !connector.isAway() ? [about.id] : [],
    )
    const most = atOnce - underWay.size
    if (providers.length === 0 || most <= 0 || stopping.signal.aborted) return
    const now = ctx.clock.now()
    const leaseUntil = new Date(now.getTime() + leaseMs)
    for (const due of await claimLooks(ctx.db, { providers, now, leaseUntil, most })) {
      const begun = look(due).finally(() => {
        underWay.delete(begun)
        void round()
      })
      underWay.add(begun)
    }
  }

  function round(): Promise<void> {
    claiming ??= claim()
      .catch((error: unknown) =>
        ctx.log.warn({ err: error }, 'no looks could be taken from the database; the next round tries again'),
      )
      .finally(() => {
        claiming = undefined
      })
    return claiming
  }

  return {
    round,
    start() {
      timer = setInterval(() => void round(), Math.min(roundEveryMs, ctx.lookEveryMs))
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await claiming
      await Promise.all(underWay)
    },
    async idle() {
      for (await claiming; underWay.size > 0; await claiming) await Promise.race(underWay)
    },
  }
}
