// What a reward is made of: the reaction, the one it replaced, and the decision that earned it. One read for all of
// it, because every reaction comes by here.
import { type Db, prepared, type Tx } from '@oo/kernel'
import { and, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { decisions, reactions, tips } from '../tables.ts'

const before = alias(reactions, 'before')

const reacted = prepared((db: Db) =>
  db
    .select({
      reaction: reactions.reaction,
      at: reactions.at,
      tipId: reactions.tipId,
      before: { id: before.id, reaction: before.reaction },
      decision: {
        id: decisions.id,
        policy: decisions.policy,
        chosen: decisions.chosen,
        candidates: decisions.candidates,
        probabilities: decisions.probabilities,
        featureNames: decisions.featureNames,
        features: decisions.features,
      },
    })
    .from(reactions)
    .innerJoin(tips, eq(tips.id, reactions.tipId))
    .innerJoin(decisions, eq(decisions.id, tips.decisionId))
    .leftJoin(before, and(eq(before.tipId, reactions.tipId), eq(before.replacedBy, reactions.id)))
    .where(and(eq(reactions.id, sql.placeholder('id')), eq(reactions.personId, sql.placeholder('personId'))))
    .prepare('recommender.reacted'),
)

/** The reaction of this id with the one whose place it took; null where it is no longer kept. */
export async function readReacted(tx: Tx, personId: string, id: string) {
  const [row] = await reacted(tx, { personId, id })
  return row ?? null
}

export type RewardedDecision = NonNullable<Awaited<ReturnType<typeof readReacted>>>['decision']
