// A reward as an event that is whole: whoever replays these events, and nothing else, learns the same again.
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { Tx } from '@oo/kernel'
import type { Reward } from '@oo/shared-types/rewards'
import type { RecommenderCtx } from '../context.ts'
import { unpackFloats } from '../floats.ts'
import type { RewardedDecision } from '../store/rewards.ts'

export interface Earned {
  personId: string
  tipId: string
  decision: RewardedDecision
  /** What ml applies once. */
  rewardId: string
  /** Null only takes back what it replaces. */
  reward: Reward | null
  replaces: string | null
  at: Date
}

export async function earn(ctx: Pick<RecommenderCtx, 'events'>, tx: Tx, earned: Earned): Promise<void> {
  const { personId, tipId, decision, rewardId, reward, replaces, at } = earned
  if (!decision.chosen) return
  const { policy, chosen, candidates, featureNames } = decision
  const row = candidates.indexOf(chosen)
  const width = featureNames.length
  const value = {
    rewardId,
    tipId,
    decisionId: decision.id,
    part: reward?.part ?? 'all',
    replaces: replaces ?? '',
    featureNames,
    features: unpackFloats(decision.features).slice(row * width, (row + 1) * width),
    probability: unpackFloats(decision.probabilities)[row] ?? 0,
    chosen,
    earnedAt: timestampFromDate(at),
    policy,
    ...(reward && { reward: reward.value }),
  }
  await ctx.events.append(tx, personId, { case: 'tipRewarded', value })
}
