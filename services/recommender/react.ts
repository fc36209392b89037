import { newId, Problem, transaction } from '@oo/kernel'
import type { ReactionKind } from '@oo/shared-types'
import { ReactionCode } from '@oo/shared-types/events'
import type { RecommenderCtx } from './context.ts'
import { alreadyAnswered, noSuchTip, onlySnoozeHasTime, snoozeNeedsTime } from './errors.ts'
import { pastMoment } from './pastMoment.ts'
import { restUntil, rules } from './reactionRules.ts'
import { settleTask } from './settle.ts'
import { endTip, markShown, readTip } from './store/answers.ts'
import { countShown, restItem } from './store/items.ts'
import { insertReaction, liveReaction, markReplaced } from './store/reactions.ts'

/** The provider is told only after this, so an undo before costs it nothing. */
const undoWindowMs = 6_000
const yearMs = 366 * 86_400_000

export interface ReactInput {
  personId: string
  tipId: string
  reaction: ReactionKind
  snoozeUntil: string | undefined
  at: string | undefined
}

/** Records a reaction for good. The same reaction again, from a double tap or a retry, answers the same. */
export async function react(
  ctx: RecommenderCtx,
  input: ReactInput,
): Promise<{ id: string; undoUntil: string }> {
  const now = ctx.clock.now()
  const snoozeUntil = snoozeTime(input, now)
  const { personId, tipId, reaction } = input

  return transaction(ctx.db, async tx => {
    const tip = await readTip(tx, personId, tipId, true)
    if (!tip) throw new Problem(noSuchTip)
    const live = await liveReaction(tx, tipId)
    if (live?.reaction === reaction && live.snoozeUntil?.getTime() === snoozeUntil?.getTime())
      return { id: live.id, undoUntil: undoUntil(live.recordedAt).toISOString() }
    if (live && rules[live.reaction].final) throw new Problem(alreadyAnswered)

    const id = newId(ctx)
    const at = pastMoment(input.at, { earliest: tip.createdAt, now })
    const { source, externalId, decisionId } = tip
    if (live) await markReplaced(tx, live.id, id)
    await insertReaction(tx, {
      id,
      personId,
      tipId,
      reaction,
      at,
      recordedAt: now,
      snoozeUntil,
      state: 'recorded',
    })
    if (await markShown(tx, tipId, at)) await countShown(tx, { personId, source, externalId }, at)
    await endTip(tx, tipId, now, reaction)
    await restItem(
      tx,
      { personId, source, externalId },
      { until: restUntil(reaction, now, snoozeUntil), reason: reaction },
    )
    await ctx.events.append(tx, personId, {
      case: 'tipReacted',
      value: {
        reactionId: id,
        tipId,
        decisionId,
        reaction: ReactionCode[rules[reaction].code],
        replaces: live?.id ?? '',
      },
    })
    if (reaction === 'done')
      await ctx.jobs.enqueue(tx, settleTask, { reactionId: id }, { startAfter: undoUntil(now) })
    return { id, undoUntil: undoUntil(now).toISOString() }
  })
}

const undoUntil = (recordedAt: Date): Date => new Date(recordedAt.getTime() + undoWindowMs)

function snoozeTime({ reaction, snoozeUntil }: ReactInput, now: Date): Date | null {
  if (reaction !== 'snooze') {
    if (snoozeUntil !== undefined) throw new Problem(onlySnoozeHasTime)
    return null
  }
  const until = snoozeUntil ? new Date(snoozeUntil) : now
  // Also refuses what is no moment at all, such as a 61st second: every comparison with it is false.
  if (!(until > now && until.getTime() <= now.getTime() + yearMs)) throw new Problem(snoozeNeedsTime)
  return until
}
