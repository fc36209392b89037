import { changed, Problem, type Tx, transaction } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import { noSuchReaction, tooLateToUndo } from './errors.ts'
import { answerTopic, itemsTopic } from './memories.ts'
import { isTold } from './reactionRules.ts'
import { settleTask } from './settle.ts'
import { sourceOf } from './sources/sources.ts'
import { endTip, readAnswer, reviveTip, setAnswer } from './store/answers.ts'
import { wakeItem } from './store/items.ts'
import { lockReaction, lockTipOf, markUndone } from './store/reactions.ts'
import type { ReactionRow, TipRow } from './tables.ts'
import { sealTipText } from './tipText.ts'

export const undoableMs = 24 * 3_600_000
const revivedLivesMs = 3_600_000

/** Takes a reaction back. What the provider already knows is put right by the same job that told it. */
export async function undo(
  ctx: RecommenderCtx,
  input: { personId: string; reactionId: string },
): Promise<void> {
  const { personId, reactionId } = input
  const now = ctx.clock.now()
  const { timeZone } = await ctx.profiles.wishes(personId)
  await transaction(ctx.db, async tx => {
    // The tip first, as in reactTogether.ts: two that lock in turn never wait for each other.
    const tip = await lockTipOf(tx, personId, reactionId)
    const reaction = await lockReaction(tx, personId, reactionId)
    if (!tip || !reaction || reaction.replacedBy) throw new Problem(noSuchReaction)
    if (reaction.undoneAt) return
    if (now.getTime() - reaction.recordedAt.getTime() > undoableMs) throw new Problem(tooLateToUndo)

    changed(tx, answerTopic, personId)
    changed(tx, itemsTopic, personId)
    const told = isTold(reaction.state)
    await markUndone(tx, reactionId, now, told ? 'reopening' : 'undone')
    if (told) await ctx.jobs.enqueue(tx, settleTask, { reactionId })
    await wakeItem(tx, { personId, source: tip.source, externalId: tip.externalId })
    await bringBack(ctx, tx, { tip, reaction, now, timeZone: timeZone ?? 'UTC' })
    const value = { reactionId, tipId: tip.id, decisionId: tip.decisionId }
    await ctx.events.append(tx, personId, { case: 'reactionUndone', value })
  })
}

/** The tip returns to the page where its words are still at hand and the undo came soon. */
async function bringBack(
  ctx: RecommenderCtx,
  tx: Tx,
  { tip, reaction, now, timeZone }: { tip: TipRow; reaction: ReactionRow; now: Date; timeZone: string },
): Promise<void> {
  const { personId } = tip
  if (now.getTime() - reaction.recordedAt.getTime() > revivedLivesMs) return
  const source = sourceOf(tip)
  const words = source.wordsOf(ctx, personId, tip, { at: tip.expiresAt, timeZone })
  if (!words || (source.endsWithMoment && tip.expiresAt <= now)) return
  const present = await readAnswer(tx, personId)
  if (present?.tip && present.tip.id !== tip.id) {
    await endTip(tx, present.tip.id, now, 'undo')
    const value = { tipId: present.tip.id, decisionId: present.decisionId, reason: 'undo' }
    await ctx.events.append(tx, personId, { case: 'tipWithdrawn', value })
  }
  const latest = new Date(Math.max(tip.expiresAt.getTime(), now.getTime() + revivedLivesMs))
  const expiresAt = source.endsWithMoment ? tip.expiresAt : latest
  await reviveTip(tx, tip.id, {
    sealed: sealTipText(await ctx.auth.sealer(personId, tx), tip.id, words),
    expiresAt,
  })
  await setAnswer(tx, {
    personId,
    decisionId: tip.decisionId,
    tipId: tip.id,
    silence: null,
    until: expiresAt,
  })
}
