// Brings the provider in line with what the person last wanted: completed after `done`, open again after its undo.
// It compares wish and state and does only what is missing, so running it again, late or twice, does no harm.
import { type JobDefinition, Problem, type Tx, transaction } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import { isTold } from './reactionRules.ts'
import { holdSettling, liveReaction, moveState, noteTelling, readForSettling } from './store/reactions.ts'

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
      const reopen = () => integrations.reopen(reaction.personId, source, externalId, signal, reactionId)
      if ((await doneAgain(tx, reaction.tipId)) || (await told(ctx, reactionId, reopen)))
        await moveState(ctx.db, reactionId, ['reopening'], 'undone')
      return
    }
    // Written outside this transaction, so that an undo arriving now sees that the provider is being told.
    const telling = await moveState(ctx.db, reactionId, ['recorded', 'completing'], 'completing')
    if (!telling) return
    await noteTelling(ctx.db, reactionId, 'tellingAt', ctx.clock.now())
    const complete = () => integrations.complete(reaction.personId, source, externalId, signal, reactionId)
    if (!(await told(ctx, reactionId, complete))) return
    await noteTelling(ctx.db, reactionId, 'toldAt', ctx.clock.now())
    await moveState(ctx.db, reactionId, ['completing'], 'completed')
  })
}

/** Done once more after this undo, and told so: reopening now would take the later wish back. */
async function doneAgain(tx: Tx, tipId: string): Promise<boolean> {
  const live = await liveReaction(tx, tipId)
  return live?.reaction === 'done' && isTold(live.state)
}

/** A provider that is away throws on, and the job comes again; one that is disconnected will never hear of it. */
async function told(ctx: RecommenderCtx, reactionId: string, tell: () => Promise<void>): Promise<boolean> {
  try {
    await tell()
    return true
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error
    await moveState(ctx.db, reactionId, ['completing', 'reopening'], 'failed')
    return false
  }
}
