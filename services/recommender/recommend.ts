import { newId } from '@oo/kernel'
import type { Wishes } from '@oo/profile'
import type { Recommendation } from '@oo/shared-types'
import { context } from '@opentelemetry/api'
import { gatherCandidates } from './candidates.ts'
import type { RecommenderCtx } from './context.ts'
import { decide } from './decide.ts'
import { type Candidates, type Decided, noCandidates } from './decided.ts'
import type { Recorded } from './newDecision.ts'
import { newTip } from './newTip.ts'
import { sourceOf } from './sources/sources.ts'
import { type Answer, type CurrentAnswer, readAnswer } from './store/answers.ts'
import { isReopening } from './store/reactions.ts'
import { viewTip } from './tipText.ts'

const silenceLivesMs = 5 * 60_000
/** Soon again: a first read that was only slow is there by then. */
const awayLivesMs = 4_000
/** A silence older than this says nothing about the source now. */
const awayForMs = 60_000
/** Each further one means that the answer changed elsewhere while this one was being decided. */
const mostTries = 3

/** The person's answer for this moment: the current one while it holds, else a new decision. */
export async function recommend(
  ctx: RecommenderCtx,
  { personId }: { personId: string },
): Promise<Recommendation> {
  let decisionId = ''
  for (let tries = 0; tries < mostTries; tries++) {
    const [wishes, found] = await Promise.all([
      ctx.profiles.wishes(personId),
      ctx.answers.look(personId, () => readAnswer(ctx.db, personId)),
    ])
    const { value: answer } = found
    if (answer && (await holds(ctx, personId, answer, wishes))) {
      const shown = await show(ctx, personId, answer, wishes)
      if (shown) return shown
    }
    const { made, version } = await decideAnew(ctx, personId, { wishes, seen: answer })
    if (version === null) ctx.answers.forget(personId)
    else found.replace({ ...made, version })
    const shown = version === null ? undefined : await show(ctx, personId, made, wishes)
    if (shown) return shown
    decisionId = made.decisionId
  }
  return silence(decisionId, 'source_away', null)
}

async function holds(
  ctx: RecommenderCtx,
  personId: string,
  answer: Answer,
  wishes: Wishes,
): Promise<boolean> {
  const now = ctx.clock.now()
  if ((answer.silence === 'paused') !== (wishes.pause !== null)) return false
  if (answer.until && answer.until <= now) return false
  if (answer.silence === 'nothing_connected')
    return (await ctx.integrations.openTasks(personId, { waitMs: 0 })).state === 'none'
  const { tip } = answer
  if (!tip) return true
  const source = sourceOf(tip)
  if (tip.endedAt || tip.expiresAt <= now) return false
  if (source.consent && !wishes.consents.has(source.consent)) return false
  const moment = { now, timeZone: wishes.timeZone ?? 'UTC' }
  if (!(await source.isOver(ctx, personId, tip, moment))) return true
  return source.hasProvider && isReopening(ctx.db, tip.id)
}

async function show(
  ctx: RecommenderCtx,
  personId: string,
  answer: Answer,
  wishes: Wishes,
): Promise<Recommendation | undefined> {
  if (answer.silence) return silence(answer.decisionId, answer.silence, answer.until)
  const sealer = await ctx.auth.sealer(personId)
  const tip = viewTip(sealer, answer, { now: ctx.clock.now(), timeZone: wishes.timeZone ?? 'UTC' })
  return tip && { decisionId: answer.decisionId, tip }
}

const silence = (
  decisionId: string,
  reason: NonNullable<Answer['silence']>,
  until: Date | null,
): Recommendation => ({ decisionId, tip: null, silence: { reason, until: until?.toISOString() ?? null } })

async function decideAnew(
  ctx: RecommenderCtx,
  personId: string,
  { wishes, seen }: { wishes: Wishes; seen: CurrentAnswer | null },
): Promise<{ made: Answer; version: Recorded }> {
  const began = performance.now()
  const decisionId = newId(ctx)
  const candidates = wishes.pause
    ? { ...noCandidates, silence: 'paused' as const }
    : await gatherCandidates(ctx, { decisionId, personId, wishes, waited: hasWaited(ctx, seen) })
  const decided = await decide(ctx, {
    decisionId,
    personId,
    timeZone: wishes.timeZone ?? 'UTC',
    trigger: 'open',
    candidates,
  })
  const made = await answerFrom(ctx, personId, { decisionId, decided, candidates, wishes })
  const version = await ctx.decisions.write({
    personId,
    trigger: 'open',
    answer: made,
    decided,
    candidates,
    seen,
    latencyMs: performance.now() - began,
    at: ctx.clock.now(),
    within: context.active(),
  })
  return { made, version }
}

/** Whether the silence before this was that of a source which is only slow, perhaps. */
const hasWaited = ({ clock }: RecommenderCtx, seen: CurrentAnswer | null): boolean =>
  seen?.silence === 'source_away' && clock.now().getTime() - seen.decidedAt.getTime() < awayForMs

async function answerFrom(
  ctx: RecommenderCtx,
  personId: string,
  made: { decisionId: string; decided: Decided; candidates: Candidates; wishes: Wishes },
): Promise<Answer> {
  const { decisionId, decided, candidates } = made
  const now = ctx.clock.now()
  const after = (ms: number) => new Date(now.getTime() + ms)
  if (decided.chosen) {
    const tip = await newTip(ctx, personId, { decisionId, chosen: decided.chosen, candidates, now })
    return { decisionId, decidedAt: now, policy: decided.policy, tip, silence: null, until: tip.expiresAt }
  }
  const reason = candidates.silence ?? decided.silence
  const latest = after(reason === 'source_away' ? awayLivesMs : silenceLivesMs)
  const wakes = candidates.wakesAt && candidates.wakesAt < latest ? candidates.wakesAt : latest
  const until = reason === 'paused' ? (made.wishes.pause?.until ?? null) : wakes
  return { decisionId, decidedAt: now, policy: decided.policy, tip: null, silence: reason, until }
}
