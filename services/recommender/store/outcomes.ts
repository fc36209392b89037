// What attribution knows: tips with what became of them, completions, when the provider was told. A few questions
// for a batch of events, because every reaction comes by here.
import type { Db, Tx } from '@oo/kernel'
import type { ReactionKind } from '@oo/shared-types'
import { eq, inArray } from 'drizzle-orm'
import type { Outcome } from '../rewards/attribution.ts'
import { completions, decisions, outcomes } from '../tables.ts'

export interface ItemAt {
  personId: string
  source: string
  externalId: string
  at: Date
}

export interface KnownTip {
  tipId: string
  decisionId: string
  personId: string
  source: string
  externalId: string
  createdAt: Date
  shownAt: Date | null
  /** Null until something became of it. */
  outcome: Outcome['outcome'] | null
  closed: boolean
  told: number
  rewardId: string | null
  earnedFrom: string | null
  reactionId: string | null
  reaction: ReactionKind | null
  reactedAt: Date | null
}

/** The tips of these items since three days before the first that is named, the oldest first. */
export async function tipsOfItems(
  tx: Tx,
  named: { tipIds: readonly string[]; items: readonly ItemAt[] },
): Promise<KnownTip[]> {
  const { rows } = await tx.$client.query<KnownTip>({
    name: 'recommender.tips_of_items',
    text: `WITH named AS (
             SELECT person_id, source, external_id, created_at AS at FROM recommender.tips WHERE id = ANY($1::uuid[])
             UNION ALL
             SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
           ), items AS (
             SELECT person_id, source, external_id, min(at) - interval '3 days' AS since
               FROM named GROUP BY person_id, source, external_id
           )
           SELECT t.id AS "tipId", t.decision_id AS "decisionId", t.person_id AS "personId", t.source,
                  t.external_id AS "externalId", t.created_at AS "createdAt", t.shown_at AS "shownAt",
                  o.outcome, coalesce(o.closed, false) AS closed, coalesce(o.told, 0) AS told,
                  o.reward_id AS "rewardId", o.earned_from AS "earnedFrom",
                  r.id AS "reactionId", r.reaction, r.at AS "reactedAt"
             FROM items i
             JOIN recommender.tips t ON t.person_id = i.person_id AND t.source = i.source
              AND t.external_id = i.external_id AND t.created_at >= i.since
             LEFT JOIN recommender.outcomes o ON o.decision_id = t.decision_id
             LEFT JOIN recommender.reactions r ON r.id = o.reaction_id
            ORDER BY t.created_at, t.id`,
    values: [
      named.tipIds,
      named.items.map(({ personId }) => personId),
      named.items.map(({ source }) => source),
      named.items.map(({ externalId }) => externalId),
      named.items.map(({ at }) => at.toISOString()),
    ],
  })
  return rows
}

export async function tellingsOf(tx: Tx, tipIds: readonly string[]) {
  const { rows } = await tx.$client.query<{
    tipId: string
    from: Date
    to: Date | null
    undoneAt: Date | null
  }>({
    name: 'recommender.tellings',
    text: `SELECT tip_id AS "tipId", telling_at AS "from", told_at AS "to", undone_at AS "undoneAt"
             FROM recommender.reactions WHERE tip_id = ANY($1::uuid[]) AND telling_at IS NOT NULL`,
    values: [tipIds],
  })
  return rows
}

export async function completionsOf(tx: Tx, decisionIds: readonly string[]) {
  const { rows } = await tx.$client.query<{ decisionId: string; at: Date; exact: boolean }>({
    name: 'recommender.completions',
    text: `SELECT decision_id AS "decisionId", at, exact FROM recommender.completions
            WHERE decision_id = ANY($1::uuid[])`,
    values: [decisionIds],
  })
  return rows
}

export interface NewCompletion {
  decisionId: string
  at: Date
  exact: boolean
}

export async function recordCompletions(tx: Tx, heard: readonly NewCompletion[]): Promise<void> {
  if (heard.length > 0)
    await tx
      .insert(completions)
      .values([...heard])
      .onConflictDoNothing()
}

export type OutcomeRow = typeof outcomes.$inferSelect

export async function recordOutcomes(tx: Tx, rows: readonly OutcomeRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.$client.query({
    name: 'recommender.record_outcomes',
    text: `INSERT INTO recommender.outcomes
                  (decision_id, outcome, reaction_id, closed, told, reward_id, earned_from, reward, part)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bool[], $5::int[], $6::text[], $7::text[],
                  $8::float8[], $9::text[])
               ON CONFLICT (decision_id) DO UPDATE
              SET outcome = excluded.outcome, reaction_id = excluded.reaction_id, closed = excluded.closed,
                  told = excluded.told, reward_id = excluded.reward_id, earned_from = excluded.earned_from,
                  reward = excluded.reward, part = excluded.part`,
    values: [
      rows.map(({ decisionId }) => decisionId),
      rows.map(({ outcome }) => outcome),
      rows.map(({ reactionId }) => reactionId),
      rows.map(({ closed }) => closed),
      rows.map(({ told }) => told),
      rows.map(({ rewardId }) => rewardId),
      rows.map(({ earnedFrom }) => earnedFrom),
      rows.map(({ reward }) => reward),
      rows.map(({ part }) => part),
    ],
  })
}

const decidedFor = (db: Db, personId: string) =>
  db.select({ id: decisions.id }).from(decisions).where(eq(decisions.personId, personId))

export const outcomesOfPerson = (db: Db, personId: string) =>
  db
    .select()
    .from(outcomes)
    .where(inArray(outcomes.decisionId, decidedFor(db, personId)))

export const completionsOfPerson = (db: Db, personId: string) =>
  db
    .select()
    .from(completions)
    .where(inArray(completions.decisionId, decidedFor(db, personId)))
