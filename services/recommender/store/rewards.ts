// What rewards are made of: the reactions, those they replaced, and the decisions that earned them. One read for all
// of a batch, because every reaction comes by here.
import { type Db, prepared, type Tx } from '@oo/kernel'
import { and, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { decisions, reactions, tips } from '../tables.ts'

const before = alias(reactions, 'before')

const reacted = prepared((db: Db) =>
  db
    .select({
      id: reactions.id,
      personId: reactions.personId,
      reaction: reactions.reaction,
      at: reactions.at,
      tipId: reactions.tipId,
      /** What is rewarded later than this bears the time of a clock that is wrong. */
      now: sql`statement_timestamp()`.mapWith(reactions.at),
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
    .where(sql`${reactions.id} = ANY(${sql.placeholder('ids')}::uuid[])`)
    .prepare('recommender.reacted'),
)

/** The reactions of these ids, each with the one whose place it took; without those that are no longer kept. */
export const readReacted = (tx: Tx, ids: readonly string[]) => reacted(tx, { ids })

export type Reacted = Awaited<ReturnType<typeof readReacted>>[number]
export type RewardedDecision = Reacted['decision']
