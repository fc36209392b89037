// One transaction: the decision as it was, the answer it gives, and what happened to the tip before it.
import { transaction } from '@oo/kernel'
import type { Candidates } from './candidates.ts'
import type { RecommenderCtx } from './context.ts'
import type { Decided } from './decide.ts'
import { packFloats } from './floats.ts'
import {
  type Answer,
  type CurrentAnswer,
  endTip,
  insertDecision,
  insertTip,
  readTip,
  replaceAnswer,
} from './store/answers.ts'

/** Answers whether the new answer stands; false when the present one changed meanwhile. */
export async function recordDecision(
  ctx: RecommenderCtx,
  personId: string,
  made: {
    answer: Answer
    decided: Decided
    candidates: Candidates
    seen: CurrentAnswer | null
    latencyMs: number
  },
): Promise<boolean> {
  const { answer, decided, candidates, seen } = made
  const { decisionId, tip } = answer
  const at = ctx.clock.now()
  return transaction(ctx.db, async tx => {
    await insertDecision(tx, {
      id: decisionId,
      personId,
      at,
      trigger: 'open',
      policy: decided.policy,
      policyVersion: decided.version,
      chosen: decided.chosen?.id ?? null,
      silence: answer.silence,
      candidates: candidates.eligible.map(candidate => candidate.id),
      ineligible: candidates.ineligible,
      probabilities: packFloats(decided.probabilities),
      scores: packFloats(decided.scores),
      featureNames: decided.features.names,
      features: packFloats(decided.features.values.flat()),
      shadows: decided.shadows,
      latencyMs: made.latencyMs,
    })
    if (tip) await insertTip(tx, tip)
    const next = {
      personId,
      decisionId,
      tipId: tip?.id ?? null,
      silence: answer.silence,
      until: answer.until,
    }
    // A tip before its answer, as everywhere: two that lock in turn never wait for each other.
    if (seen?.tip && !seen.tip.endedAt) await readTip(tx, personId, seen.tip.id, true)
    if (!(await replaceAnswer(tx, next, seen))) {
      // Another device was first, or an undo: that answer stands, and this decision is logged as never served.
      if (tip) await endTip(tx, tip.id, at, 'another_decision')
      return false
    }
    if (seen?.tip && (await endTip(tx, seen.tip.id, at, endReason(seen, at)))) {
      const withdrawn = { tipId: seen.tip.id, decisionId: seen.decisionId, reason: endReason(seen, at) }
      await ctx.events.append(tx, personId, { case: 'tipWithdrawn', value: withdrawn })
    }
    if (!tip) return true
    const served = { tipId: tip.id, decisionId, policy: decided.policy, eligible: candidates.eligible.length }
    await ctx.events.append(tx, personId, { case: 'tipServed', value: served })
    return true
  })
}

const endReason = ({ tip }: Answer, at: Date): string =>
  tip && tip.expiresAt <= at ? 'expired' : 'done_elsewhere'
