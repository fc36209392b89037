// One call to ml; when it does not answer in time, every eligible candidate is as likely as any other. Either way
// what was drawn came from exactly the probabilities that are logged.
import type { RecommenderCtx } from './context.ts'
import type { Candidate, Candidates, Decided } from './decided.ts'
import { whoDecides } from './policies/whoDecides.ts'

export interface DecideInput {
  decisionId: string
  personId: string
  timeZone: string
  trigger: 'open' | 'push'
  /** Of a push. */
  timing?: { sendsLeft: number; opportunitiesLeft: number; everyMin?: number }
  candidates: Candidates
}

export async function decide(ctx: RecommenderCtx, input: DecideInput): Promise<Decided> {
  const { eligible: candidates, dosage, context } = input.candidates
  if (candidates.length === 0) return silent
  const { policy, trial } = await whoDecides(ctx, input.personId)
  const answer = await ctx.ml.score({
    decisionId: input.decisionId,
    personId: input.personId,
    now: ctx.clock.now().toISOString(),
    timeZone: input.timeZone,
    trigger: input.trigger,
    ...(input.timing && { timing: input.timing }),
    dosage,
    ...(isKnown(context) && { context: known(context) }),
    policy,
    candidates: candidates.map(({ id, kind, source, attributes }) => ({ id, kind, source, attributes })),
  })
  if (!answer) return { ...fallback(ctx, candidates), trial }
  const chosen = candidates.find(candidate => candidate.id === answer.chosen) ?? null
  return {
    policy: answer.policy,
    version: answer.version,
    chosen,
    silence: chosen ? null : 'nothing_worth_it',
    probabilities: answer.probabilities,
    scores: answer.scores,
    features: answer.features,
    contributions: answer.contributions,
    decidedAs: answer.holdback ? 'holdback' : (answer.fallback ?? null),
    sendProbability: answer.sendProbability ?? null,
    shadows: answer.shadows,
    trial,
  }
}

const longestFreeMin = 100_000

const isKnown = (context: Candidates['context']): boolean =>
  Object.values(context).some(value => value !== null)

/** A day without an appointment is free for longer than ml counts. */
const known = ({ freeMin, ...context }: Candidates['context']): Candidates['context'] => ({
  ...context,
  freeMin: freeMin === null ? null : Math.min(freeMin, longestFreeMin),
})

/** Nothing was asked: there was nothing to choose from, or a rule forbids it. */
export const silent: Decided = {
  policy: 'none',
  version: '1',
  chosen: null,
  silence: 'nothing_open',
  probabilities: [],
  scores: [],
  features: { names: [], values: [] },
  contributions: [],
  decidedAs: null,
  sendProbability: null,
  shadows: [],
  trial: null,
}

function fallback({ random }: RecommenderCtx, candidates: Candidate[]): Decided {
  const share = 1 / candidates.length
  return {
    ...silent,
    policy: 'fallback',
    chosen: candidates[Math.floor(random.next() * candidates.length)] ?? null,
    silence: null,
    probabilities: candidates.map(() => share),
    scores: candidates.map(() => 0),
  }
}
