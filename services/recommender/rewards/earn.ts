// A reward as an event that is whole: whoever replays these events, and nothing else, learns the same again.
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { Happening } from '@oo/events'
import type { Reward } from '@oo/shared-types/rewards'
import type { Context } from '@opentelemetry/api'
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
  /** The step of the trace that it is a consequence of. */
  within: Context
}

/** None for a decision that offered nothing. */
export function rewardEvents(earned: Earned): Happening[] {
  const { personId, tipId, decision, rewardId, reward, replaces, at, within } = earned
  if (!decision.chosen) return []
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
    probability: (unpackFloats(decision.probabilities)[row] ?? 0) * (decision.sendProbability ?? 1),
    chosen,
    earnedAt: timestampFromDate(at),
    policy,
    ...(reward && { reward: reward.value }),
  }
  return [{ personId, within, happened: { case: 'tipRewarded', value } }]
}
