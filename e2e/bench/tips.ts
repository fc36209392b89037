// Tips written by SQL, because one decision per reaction would measure the deciding again.
import type pg from 'pg'

/** Fresh open tips, each with a decision of its own, a copy of one of these; by the decision it was copied from. */
export async function writeTips(
  owner: pg.Client,
  decisionIds: string[],
  each: number,
): Promise<Map<string, { tip: string }[]>> {
  const { rows } = await owner.query<{ tip: string; of: string }>(
    `WITH fresh AS (
       SELECT uuidv7() AS id, uuidv7() AS tip, number, d.id AS of, d.person_id, d.trigger, d.policy,
              d.policy_version, d.chosen, d.candidates, d.ineligible, d.probabilities, d.scores, d.feature_names, d.features,
              d.shadows, d.latency_ms
         FROM recommender.decisions d, generate_series(1, $2) AS number
        WHERE d.id = ANY($1)
     ), decided AS (
       INSERT INTO recommender.decisions (id, person_id, at, trigger, policy, policy_version, chosen, candidates,
              ineligible, probabilities, scores, feature_names, features, shadows, latency_ms)
       SELECT id, person_id, now(), trigger, policy, policy_version, chosen, candidates,
              ineligible, probabilities, scores, feature_names, features, shadows, latency_ms FROM fresh
     ), shown AS (
       INSERT INTO recommender.tips (id, decision_id, person_id, source, external_id, kind, sealed, created_at, expires_at)
       SELECT tip, id, person_id, 'bench', (number % 20)::text, 'todo', NULL, now(), now() + interval '4 hours'
         FROM fresh
     )
     SELECT tip, of FROM fresh`,
    [decisionIds, each],
  )
  return Map.groupBy(rows, row => row.of)
}
