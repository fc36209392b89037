import type { Reaction } from '@oo/shared-types'
import type { RecommenderCtx } from './context.ts'
import { sourceOf } from './sources/sources.ts'
import { recentReactions } from './store/reactions.ts'
import { undoableMs } from './undo.ts'

/** The reactions of the last 24 hours; an item's words are shown where they are still in memory. */
export async function listReactions(
  ctx: RecommenderCtx,
  { personId }: { personId: string },
): Promise<Reaction[]> {
  const since = new Date(ctx.clock.now().getTime() - undoableMs)
  const rows = await recentReactions(ctx.db, personId, since)
  const timeZone = (await ctx.profiles.wishes(personId)).timeZone ?? 'UTC'
  return rows.map(({ reaction, kind, createdAt, expiresAt: at, ...item }) => {
    // One that ends where it began no longer knows of which time it spoke.
    const until = at > createdAt ? { at, timeZone } : undefined
    const text = sourceOf(item).wordsOf(ctx, personId, item, until)?.text
    return {
      id: reaction.id,
      tipId: reaction.tipId,
      reaction: reaction.reaction,
      kind,
      ...(text && { text }),
      at: reaction.at.toISOString(),
      undoableUntil: new Date(reaction.recordedAt.getTime() + undoableMs).toISOString(),
      state: reaction.state,
    }
  })
}
