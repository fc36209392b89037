// What of a refused tip is remembered: its words are at hand in its row until it ends, else perhaps at its source.
import type { RecommenderCtx } from './context.ts'
import { sealSketch } from './refused.ts'
import { sourceOf } from './sources/sources.ts'
import type { HeldTip } from './store/reactionGroup.ts'
import { openTipText } from './tipText.ts'

/** Null where no words are left: then the item itself rests, and its like is not known. */
export async function sketcher(
  ctx: Pick<RecommenderCtx, 'auth' | 'integrations' | 'log'>,
  personId: string,
): Promise<(tip: HeldTip) => Buffer | null> {
  const sealer = await ctx.auth.sealer(personId)
  return tip => {
    try {
      const words = tip.sealed
        ? openTipText(sealer, tip.id, tip.sealed)
        : sourceOf(tip).wordsOf(ctx, personId, tip)
      return words ? sealSketch(sealer, personId, tip, words) : null
    } catch (error) {
      ctx.log.warn({ err: error }, 'a refused tip could not be read; it rests, but its like is not known')
      return null
    }
  }
}
