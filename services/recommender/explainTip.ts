import { Problem } from '@oo/kernel'
import type { Why } from '@oo/shared-types'
import type { RecommenderCtx } from './context.ts'
import { noSuchTip } from './errors.ts'
import { unpackFloats } from './floats.ts'
import { type DecidedTip, decisionOfTip } from './store/why.ts'
import { openContributions } from './why/contributions.ts'
import { reasonsOf } from './why/reasons.ts'

/** How long after its end a tip is still explained. */
const explainedForMs = 24 * 3_600_000

const sentences: Record<Exclude<Why['how'], 'reasons'>, string> = {
  away: 'The model was away, so oO picked this at random.',
  random: 'oO tried something at random this time, to find out whether its choices help you.',
  only: 'It was all there was to show.',
  together: 'No single thing set it apart; taken together it seemed right.',
}

/** Why this tip: the real contributions of its decision, in the person's words. */
export async function explainTip(
  ctx: RecommenderCtx,
  { personId, tipId }: { personId: string; tipId: string },
): Promise<Why> {
  const [found, wishes] = await Promise.all([
    decisionOfTip(ctx.db, personId, tipId),
    ctx.profiles.wishes(personId),
  ])
  if (!found || isLongOver(found, ctx.clock.now())) throw new Problem(noSuchTip)
  const agreed = new Set<string>(['service', ...wishes.consents])
  const reasons = isDrawn(found) ? [] : reasonsFor(found, purpose => agreed.has(purpose))
  if (reasons.length > 0) return { how: 'reasons', reasons }
  const how = howOf(found)
  return { how, sentence: sentences[how], reasons }
}

const isLongOver = ({ endedAt }: DecidedTip, now: Date): boolean =>
  endedAt !== null && now.getTime() - endedAt.getTime() >= explainedForMs

const isDrawn = ({ policy }: DecidedTip): boolean => policy === 'fallback' || policy === 'random'

function howOf({ policy, candidates }: DecidedTip): Exclude<Why['how'], 'reasons'> {
  if (candidates.length === 1) return 'only'
  if (policy === 'fallback') return 'away'
  return policy === 'random' ? 'random' : 'together'
}

function reasonsFor(found: DecidedTip, mayTell: (purpose: string) => boolean): Why['reasons'] {
  const { contributions, features, featureNames: names, candidates, chosen } = found
  if (!contributions) return []
  const at = candidates.indexOf(chosen ?? '') * names.length
  const values = unpackFloats(features).slice(at, at + names.length)
  return reasonsOf({ names, values, ...openContributions(contributions) }, mayTell)
}
