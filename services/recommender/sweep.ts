// What time ends: tips that are stale, so that no text outlives its tip, the day in which a tip may earn by what the
// person does, and the log after its 30 days.
import { changed, transaction } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import { answerTopic } from './memories.ts'
import { closeTips } from './rewards/closeTips.ts'
import { endExpiredTips, forgetDecisions } from './store/answers.ts'
import { forgetItems, forgetSketches } from './store/items.ts'

type SweepCtx = Pick<RecommenderCtx, 'db' | 'clock' | 'events' | 'log'>

const tipsEveryMs = 60_000
const logEveryMs = 3_600_000
const keptMs = 30 * 86_400_000
const batch = 1_000
/** A round ends even where others write faster than it deletes; the next round goes on. */
const mostBatches = 100

export async function endStaleTips(ctx: SweepCtx): Promise<void> {
  for (let round = 0; round < mostBatches; round++) {
    const ended = await transaction(ctx.db, async tx => {
      const stale = await endExpiredTips(tx, ctx.clock.now(), batch)
      for (const { personId } of stale) changed(tx, answerTopic, personId)
      await ctx.events.appendAll(
        tx,
        stale.map(({ tipId, decisionId, personId }) => ({
          personId,
          happened: { case: 'tipWithdrawn', value: { tipId, decisionId, reason: 'expired' } },
        })),
      )
      return stale.length
    })
    if (ended < batch) return
  }
}

export async function forgetOldLog(ctx: SweepCtx): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - keptMs)
  for (let round = 0; round < mostBatches; round++) {
    const forgotten = await forgetDecisions(ctx.db, before, batch)
    if (forgotten < batch) break
  }
  await forgetSketches(ctx.db, before)
  await forgetItems(ctx.db, before)
}

/** Both go on by themselves until the returned function is called. */
export function startSweeping(ctx: SweepCtx): () => void {
  const noticed = (error: unknown) =>
    ctx.log.warn(
      { err: error },
      'what is over could not be cleared away; it is tried again in the next round',
    )
  const timers = [
    setInterval(() => void endStaleTips(ctx).catch(noticed), tipsEveryMs),
    setInterval(() => void closeTips(ctx).catch(noticed), tipsEveryMs),
    setInterval(() => void forgetOldLog(ctx).catch(noticed), logEveryMs),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}
