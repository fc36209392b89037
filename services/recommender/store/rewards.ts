// What rewards are made of: reactions as they were given, and the decisions that earned them.
import { type Db, prepared, type Tx } from '@oo/kernel'
import { sql } from 'drizzle-orm'
import { decisions, reactions } from '../tables.ts'

const given = prepared((db: Db) =>
  db
    .select({
      id: reactions.id,
      personId: reactions.personId,
      tipId: reactions.tipId,
      reaction: reactions.reaction,
      at: reactions.at,
    })
    .from(reactions)
    .where(sql`${reactions.id} = ANY(${sql.placeholder('ids')}::uuid[])`)
    .prepare('recommender.given'),
)

const rewarded = prepared((db: Db) =>
  db
    .select({
      id: decisions.id,
      policy: decisions.policy,
      chosen: decisions.chosen,
      candidates: decisions.candidates,
      probabilities: decisions.probabilities,
      sendProbability: decisions.sendProbability,
      featureNames: decisions.featureNames,
      features: decisions.features,
      /** What is rewarded later than this bears the time of a clock that is wrong. */
      now: sql`statement_timestamp()`.mapWith(decisions.at),
    })
    .from(decisions)
    .where(sql`${decisions.id} = ANY(${sql.placeholder('ids')}::uuid[])`)
    .prepare('recommender.rewarded'),
)

/** The reactions of these ids, without those that are no longer kept. */
export const readGiven = (tx: Tx, ids: readonly string[]) => given(tx, { ids })

export const readRewarded = (tx: Tx, ids: readonly string[]) => rewarded(tx, { ids })

export type RewardedDecision = Awaited<ReturnType<typeof readRewarded>>[number]
