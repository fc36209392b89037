// Attribution: a reaction, or its undo, becomes the reward of the decision whose tip was shown.
import { timestampDate } from '@bufbuild/protobuf/wkt'
import type { Subscriber } from '@oo/events'
import type { Tx } from '@oo/kernel'
import type { Envelope } from '@oo/shared-types/events'
import { worth } from '@oo/shared-types/rewards'
import type { RecommenderCtx } from '../context.ts'
import { readReacted } from '../store/rewards.ts'
import { earn } from './earn.ts'

type RewardCtx = Pick<RecommenderCtx, 'events' | 'profiles'>

export const rewarding = (ctx: RewardCtx): Subscriber => ({
  name: 'recommender.rewards',
  subjects: ['signals.tip.reacted', 'signals.tip.undone'],
  handle: (tx, event) => reward(ctx, tx, event),
})

async function reward(ctx: RewardCtx, tx: Tx, { personId, at, payload }: Envelope): Promise<void> {
  if (payload.case === 'tipReacted') await rewardReaction(ctx, tx, personId, payload.value.reactionId)
  if (payload.case === 'reactionUndone' && at)
    await takeBack(ctx, tx, { personId, id: payload.value.reactionId, at: timestampDate(at) })
}

async function rewardReaction(ctx: RewardCtx, tx: Tx, personId: string, id: string): Promise<void> {
  const reacted = await readReacted(tx, personId, id)
  if (!reacted) return
  const { reaction, at, tipId, decision, before } = reacted
  const earned = worth[reaction].reward
  const replaces = before && worth[before.reaction].reward ? before.id : null
  // What changes to a reaction that teaches nothing still takes back what the first one taught.
  if (!earned && !replaces) return
  if (earned && (await isPaused(ctx, personId, at))) return
  await earn(ctx, tx, { personId, tipId, decision, rewardId: id, reward: earned, replaces, at })
}

async function takeBack(
  ctx: RewardCtx,
  tx: Tx,
  { personId, id, at }: { personId: string; id: string; at: Date },
): Promise<void> {
  const reacted = await readReacted(tx, personId, id)
  if (!reacted || !worth[reacted.reaction].reward) return
  const { tipId, decision } = reacted
  await earn(ctx, tx, {
    personId,
    tipId,
    decision,
    rewardId: `${id}:undone`,
    reward: null,
    replaces: id,
    at,
  })
}

/** A pause also pauses learning. */
async function isPaused({ profiles }: RewardCtx, personId: string, at: Date): Promise<boolean> {
  const { pause } = await profiles.wishes(personId)
  return pause !== null && pause.since <= at
}
