// Brings the provider in line with what the person last wanted: completed after `done`, open again after its undo.
// It compares wish and state and does only what is missing, so running it again, late or twice, does no harm.
import { type JobDefinition, transaction } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import { holdSettling, moveState, readForSettling } from './store/reactions.ts'

export const settleTask = 'recommender.settle-task'

export const settleJob = (ctx: RecommenderCtx): JobDefinition => ({
  name: settleTask,
  promise: 'A task that was done in oO was not completed (or not reopened) at its provider.',
  retryLimit: 12,
  run: ({ reactionId }, signal) => settle(ctx, reactionId ?? '', signal),
})

export async function settle(ctx: RecommenderCtx, reactionId: string, signal: AbortSignal): Promise<void> {
  await transaction(ctx.db, async tx => {
    await holdSettling(tx, reactionId)
    const found = await readForSettling(tx, reactionId)
    if (!found) return
    const { reaction, source, externalId } = found
    const { integrations } = ctx
    if (reaction.state === 'reopening') {
      await integrations.reopen(reaction.personId, source, externalId, signal)
      await moveState(ctx.db, reactionId, ['reopening'], 'undone')
      return
    }
    // Written outside this transaction, so that an undo arriving now sees that the provider is being told.
    const telling = await moveState(ctx.db, reactionId, ['recorded', 'completing'], 'completing')
    if (!telling) return
    await integrations.complete(reaction.personId, source, externalId, signal)
    await moveState(ctx.db, reactionId, ['completing'], 'completed')
  })
}
