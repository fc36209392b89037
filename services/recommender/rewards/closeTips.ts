// A day after a tip was shown, silence is an answer: the tip is closed, once, and what it earned follows from the
// event. One that was never shown closes as well, so that no decision is left without an outcome.
import { transaction } from '@oo/kernel'
import type { RecommenderCtx } from '../context.ts'
import { momentSources } from '../sources/sources.ts'
import { closeDueTips } from '../store/answers.ts'
import { dayMs } from './attribution.ts'

const batch = 500
/** A round ends even where others write faster; the next round goes on. */
const mostBatches = 200

export async function closeTips({
  db,
  clock,
  events,
}: Pick<RecommenderCtx, 'db' | 'clock' | 'events'>): Promise<void> {
  for (let round = 0; round < mostBatches; round++) {
    const now = clock.now()
    const closed = await transaction(db, async tx => {
      const before = new Date(now.getTime() - dayMs)
      const due = await closeDueTips(tx, { before, now, limit: batch, moments: momentSources })
      await events.appendAll(
        tx,
        due.map(({ tipId, decisionId, personId, shownAt }) => ({
          personId,
          happened: { case: 'tipClosed', value: { tipId, decisionId, shown: shownAt !== null } },
        })),
      )
      return due.length
    })
    if (closed < batch) return
  }
}
