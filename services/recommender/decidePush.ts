import { newId } from '@oo/kernel'
import type { Wishes } from '@oo/profile'
import { context } from '@opentelemetry/api'
import { gatherCandidates } from './candidates.ts'
import type { RecommenderCtx } from './context.ts'
import { decide, silent } from './decide.ts'
import { type Candidates, type Decided, noCandidates } from './decided.ts'
import { newTip } from './newTip.ts'
import type { AskedPush, PushDecision, PushRule, PushSilence } from './push.ts'
import { type CurrentAnswer, readAnswer } from './store/answers.ts'
import { viewTip } from './tipText.ts'

/** What there is to choose from where a rule forbids it: the rule says why, as of everything that is left out. */
const barred = (rule: PushRule): Candidates => ({
  ...noCandidates,
  ineligible: [{ id: 'push', reason: rule }],
})

/**
 * Whether to interrupt somebody now, and with what. What is sent becomes their answer, so that the page shows the
 * same; a silence leaves the answer as it is. Each is a decision in the log, with the chance it was sent by.
 */
export async function decidePush(ctx: RecommenderCtx, asked: AskedPush): Promise<PushDecision> {
  const began = performance.now()
  const { personId } = asked
  const [wishes, found] = await Promise.all([
    ctx.profiles.wishes(personId),
    ctx.answers.look(personId, () => readAnswer(ctx.db, personId)),
  ])
  const decisionId = newId(ctx)
  const now = ctx.clock.now()
  const { busy } = await ctx.integrations.contextOf(personId, wishes.consents)
  const rule = ruleOf(asked, { wishes, answer: found.value, busy, now })
  const candidates = rule
    ? barred(rule)
    : await gatherCandidates(ctx, { decisionId, personId, wishes, waited: false })
  const decided = await weigh(ctx, asked, { decisionId, candidates, wishes })

  const { chosen } = decided
  const silence = chosen ? null : (rule ?? candidates.silence ?? silenceOf(decided))
  const tip = chosen && (await newTip(ctx, personId, { decisionId, chosen, candidates, now }))
  const made = { decisionId, decidedAt: now, policy: decided.policy, tip, until: tip?.expiresAt ?? null }
  const version = await ctx.decisions.write({
    personId,
    trigger: 'push',
    answer: { ...made, silence },
    decided,
    candidates,
    seen: found.value,
    latencyMs: performance.now() - began,
    at: now,
    within: context.active(),
  })
  if (silence) return { decisionId, tip: null, silence }
  if (version === null) {
    ctx.answers.forget(personId)
    return { decisionId, tip: null, silence: 'overtaken' }
  }
  const answer = { ...made, silence: null, version }
  found.replace(answer)
  const sealer = await ctx.auth.sealer(personId)
  const shown = viewTip(sealer, answer, { now, timeZone: wishes.timeZone ?? 'UTC' })
  if (!shown) return { decisionId, tip: null, silence: 'overtaken' }
  return { decisionId, tip: shown, sendProbability: decided.sendProbability ?? 1 }
}

/** The first that forbids it; none is learned. */
function ruleOf(
  asked: AskedPush,
  {
    wishes,
    answer,
    busy,
    now,
  }: { wishes: Wishes; answer: CurrentAnswer | null; busy: boolean | null; now: Date },
): PushRule | null {
  if (!wishes.consents.has('push')) return 'consent_missing'
  if (wishes.pause) return 'paused'
  if (asked.barredBy) return asked.barredBy
  if (busy) return 'busy'
  if (asked.sendsLeft <= 0) return 'cap'
  const tip = answer?.tip
  return tip && !tip.endedAt && tip.expiresAt > now ? 'pending' : null
}

/** Without ml nobody can say what a moment is worth, and then nobody is interrupted. */
async function weigh(
  ctx: RecommenderCtx,
  { personId, sendsLeft, opportunitiesLeft, everyMin }: AskedPush,
  of: { decisionId: string; candidates: Candidates; wishes: Wishes },
): Promise<Decided> {
  const decided = await decide(ctx, {
    ...{ decisionId: of.decisionId, personId, trigger: 'push' as const },
    timeZone: of.wishes.timeZone ?? 'UTC',
    timing: { sendsLeft, opportunitiesLeft, ...(everyMin && { everyMin }) },
    candidates: of.candidates,
  })
  return decided.policy === 'fallback' ? { ...silent, policy: 'fallback' } : decided
}

const silenceOf = ({ policy }: Decided): PushSilence =>
  policy === 'fallback' ? 'ml_away' : 'not_worth_an_interruption'
