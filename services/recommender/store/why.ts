// The decision behind a tip, as far as it explains it.
import type { Db } from '@oo/kernel'
import { and, eq } from 'drizzle-orm'
import { decisions, tips } from '../tables.ts'

export async function decisionOfTip(db: Db, personId: string, tipId: string) {
  const [row] = await db
    .select({
      endedAt: tips.endedAt,
      policy: decisions.policy,
      candidates: decisions.candidates,
      chosen: decisions.chosen,
      featureNames: decisions.featureNames,
      features: decisions.features,
      contributions: decisions.contributions,
    })
    .from(tips)
    .innerJoin(decisions, eq(decisions.id, tips.decisionId))
    .where(and(eq(tips.id, tipId), eq(tips.personId, personId)))
  return row
}

export type DecidedTip = NonNullable<Awaited<ReturnType<typeof decisionOfTip>>>
