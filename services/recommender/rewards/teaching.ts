// Rewards on their way to ml: in order, and again until it took them. It knows each by its id, so when it lost
// something, all that the log still has is told again.
import { timestampDate } from '@bufbuild/protobuf/wkt'
import { type Forwarder, StartOver } from '@oo/events'
import type { Envelope } from '@oo/shared-types/events'
import type { RecommenderCtx } from '../context.ts'
import type { RewardEvent } from '../ml.ts'

/** ml's own limit. */
const mostAtOnce = 256
/** What the log does not have either is not asked for without end. */
const startOverEveryMs = 600_000

type TeachingCtx = Pick<RecommenderCtx, 'ml' | 'clock'>

export function teaching({ ml, clock }: TeachingCtx): Forwarder {
  let startedAt = Number.NEGATIVE_INFINITY
  /** Until it took something, what teaches nothing must not look as if ml took it: the rest would be to blame. */
  let mustAsk = false
  return {
    name: 'recommender.learning',
    subjects: ['signals.tip.rewarded'],
    async deliver(events, signal, { isFirst, isLast }) {
      const rewards = events.flatMap(lesson)
      if (rewards.length === 0 && !isFirst && !mustAsk) return
      for (let at = 0; at === 0 || at < rewards.length; at += mostAtOnce) {
        mustAsk = true
        const fromTheStart = isFirst && at === 0
        const toTheEnd = isLast && at + mostAtOnce >= rewards.length
        const told = { events: rewards.slice(at, at + mostAtOnce), fromTheStart, toTheEnd }
        const { startOver } = await ml.reward(told, signal)
        mustAsk = false
        const now = clock.now().getTime()
        if (!startOver || now - startedAt < startOverEveryMs) continue
        startedAt = now
        throw new StartOver('ml knows nobody yet, or lost something of what it had learned')
      }
    },
  }
}

/** What ml learns from; a decision that ml did not make has no features and teaches nothing. */
export function lesson({ personId, payload, traceParent }: Envelope): RewardEvent[] {
  if (payload.case !== 'tipRewarded' || payload.value.featureNames.length === 0) return []
  const { rewardId, decisionId, reward, part, replaces, featureNames, features, ...rest } = payload.value
  const { chosen, probability, earnedAt } = rest
  return [
    {
      eventId: rewardId,
      decisionId,
      personId,
      reward: reward ?? null,
      part: part === 'timing' || part === 'choice' ? part : 'all',
      replaces: replaces || null,
      features: { ids: [chosen], names: featureNames, values: [features] },
      chosen,
      probabilities: [probability],
      at: earnedAt ? timestampDate(earnedAt).toISOString() : null,
      ...(traceParent && { traceParent }),
    },
  ]
}
