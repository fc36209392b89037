import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { changed, Problem, transaction } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import { noSuchTip } from './errors.ts'
import { itemsTopic } from './memories.ts'
import { pastMoment } from './pastMoment.ts'
import { markShown, readTip } from './store/answers.ts'
import { countShown } from './store/items.ts'

/** The tip was really on screen. Only shown tips can train; again is the same as once. */
export async function reportShown(
  ctx: RecommenderCtx,
  input: { personId: string; tipId: string; at: string | undefined },
): Promise<void> {
  const { personId, tipId } = input
  await transaction(ctx.db, async tx => {
    const tip = await readTip(tx, personId, tipId)
    if (!tip) throw new Problem(noSuchTip)
    const at = pastMoment(input.at, { earliest: tip.createdAt, now: ctx.clock.now() })
    if (!(await markShown(tx, tipId, at))) return
    changed(tx, itemsTopic, personId)
    await countShown(tx, { personId, source: tip.source, externalId: tip.externalId }, at)
    const shown = { tipId, decisionId: tip.decisionId, shownAt: timestampFromDate(at) }
    await ctx.events.append(tx, personId, { case: 'tipShown', value: shown })
  })
}
