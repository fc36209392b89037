import type { Insights } from '@oo/shared-types'
import { said } from '@oo/shared-types/features'
import type { RecommenderCtx } from './context.ts'
import type { MlInsights } from './ml.ts'
import { pastStatements } from './pastStatements.ts'
import { closedMoments, silences } from './store/insights.ts'

/** A reward is known for good a day after a moment, and heard of soon after that. */
const windowMs = 25 * 3_600_000
const mostStatements = 8

/** What oO learned about a person, whether choosing for them helps, and when it was quiet. */
export async function insights(ctx: RecommenderCtx, { personId }: { personId: string }): Promise<Insights> {
  const now = ctx.clock.now()
  const wishes = await ctx.profiles.wishes(personId)
  const [moments, quiet, past] = await Promise.all([
    closedMoments(ctx.db, personId, new Date(now.getTime() - windowMs)),
    silences(ctx.db, personId, now, wishes.timeZone ?? 'UTC'),
    ctx.integrations.past(personId),
  ])
  const told = await ctx.ml.insights({ personId, moments })
  const agreed = new Set<string>(['service', ...wishes.consents])
  return {
    learned: {
      state: told ? 'known' : 'away',
      rewards: told?.rewards ?? 0,
      statements: told ? statementsOf(told, agreed) : [],
    },
    personalised: told?.personalised ?? {
      moments: moments.length,
      atRandom: moments.filter(({ atRandom }) => atRandom).length,
    },
    past: past.map(pastStatements),
    silence: {
      today: quiet.filter(({ today }) => today > 0).map(({ reason, today: times }) => ({ reason, times })),
      week: quiet.map(({ reason, week: times }) => ({ reason, times })),
    },
  }
}

/** A weight whose purpose the person did not agree to is not told. */
function statementsOf({ learned }: MlInsights, agreed: ReadonlySet<string>) {
  return learned
    .flatMap(({ name, isMore, certainty }) => {
      const words = said.get(name)
      if (!words || !agreed.has(words.purpose)) return []
      return [{ sentence: isMore ? words.learnedMore : words.learnedLess, certainty }]
    })
    .slice(0, mostStatements)
}
