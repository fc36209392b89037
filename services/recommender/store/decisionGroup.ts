// A group of decisions in a few statements: hold the answers they replace, then write all there is of them.
import type { Tx } from '@oo/kernel'
import type { decisions, TipRow } from '../tables.ts'

/** The answer of each of these people, held, and its version; in a group only those that nobody else holds. */
export async function holdAnswers(
  tx: Tx,
  personIds: readonly string[],
  { wait }: { wait: boolean },
): Promise<Map<string, string>> {
  const { rows } = await tx.$client.query<{ personId: string; version: string }>({
    name: wait ? 'recommender.wait_for_answers' : 'recommender.hold_answers',
    text: `SELECT person_id AS "personId", xmin::text AS version FROM recommender.current
            WHERE person_id = ANY($1::uuid[]) ORDER BY person_id FOR UPDATE ${wait ? '' : 'SKIP LOCKED'}`,
    values: [personIds],
  })
  return new Map(rows.map(row => [row.personId, row.version]))
}

export interface GroupDecision {
  decision: Required<typeof decisions.$inferInsert>
  tip: TipRow | null
  until: Date | null
  /** Whether it becomes the answer: in the place of the held one, as the first, or not at all. */
  place: 'held' | 'first' | 'none'
}

export interface EndingTip {
  id: string
  at: Date
  reason: string
}

/** Answers the version of each person's new answer; who is not named had one already. */
export async function writeDecisions(
  tx: Tx,
  made: readonly GroupDecision[],
  ended: readonly EndingTip[],
): Promise<Map<string, string>> {
  const of = <Value>(column: (one: GroupDecision['decision']) => Value) =>
    made.map(one => column(one.decision))
  const ofTip = <Value>(column: (tip: TipRow) => Value) => made.map(({ tip }) => (tip ? column(tip) : null))
  const { rows } = await tx.$client.query<{ personId: string; version: string }>({
    name: 'recommender.write_decisions',
    text: `WITH given AS (
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
                    $7::text[], $8::text[], $9::text[], $10::text[], $11::bytea[], $12::bytea[], $13::text[],
                    $14::bytea[], $15::text[], $16::real[], $17::uuid[], $18::text[], $19::text[], $20::text[],
                    $21::bytea[], $22::timestamptz[], $23::timestamptz[], $24::text[], $25::timestamptz[], $26::text[],
                    $30::bytea[], $31::text[], $32::uuid[], $33::text[], $34::real[])
               AS g (id, person_id, at, trigger, policy, policy_version, chosen, silence, candidates, ineligible,
                     probabilities, scores, feature_names, features, shadows, latency_ms, tip_id, source,
                     external_id, kind, sealed, expires_at, ended_at, end_reason, until, place,
                     contributions, decided_as, experiment, arm, send_probability)
           ), decided AS (
             INSERT INTO recommender.decisions
                    (id, person_id, at, trigger, policy, policy_version, chosen, silence, candidates, ineligible,
                     probabilities, scores, feature_names, features, shadows, latency_ms, contributions,
                     decided_as, experiment, arm, send_probability)
             SELECT id, person_id, at, trigger, policy, policy_version, chosen, silence, candidates::text[],
                    ineligible::jsonb, probabilities, scores, feature_names::text[], features, shadows::jsonb,
                    latency_ms, contributions, decided_as, experiment, arm, send_probability
               FROM given
           ), shown AS (
             INSERT INTO recommender.tips
                    (id, decision_id, person_id, source, external_id, kind, sealed, created_at, expires_at,
                     ended_at, end_reason)
             SELECT tip_id, id, person_id, source, external_id, kind, sealed, at, expires_at, ended_at, end_reason
               FROM given WHERE tip_id IS NOT NULL
           ), ended AS (
             UPDATE recommender.tips t SET ended_at = over.at, end_reason = over.reason, sealed = NULL
               FROM unnest($27::uuid[], $28::timestamptz[], $29::text[]) AS over (id, at, reason)
              WHERE t.id = over.id AND t.ended_at IS NULL
           ), moved AS (
             UPDATE recommender.current c
                SET decision_id = g.id, tip_id = g.tip_id, silence = g.silence, until = g.until
               FROM given g WHERE g.place = 'held' AND c.person_id = g.person_id
             RETURNING c.person_id
           ), placed AS (
             INSERT INTO recommender.current (person_id, decision_id, tip_id, silence, until)
             SELECT person_id, id, tip_id, silence, until FROM given WHERE place = 'first'
                 ON CONFLICT (person_id) DO NOTHING
             RETURNING person_id
           )
           SELECT person_id AS "personId", pg_current_xact_id()::xid::text AS version
             FROM (SELECT person_id FROM moved UNION ALL SELECT person_id FROM placed) AS stands`,
    values: [
      of(({ id }) => id),
      of(({ personId }) => personId),
      of(({ at }) => at.toISOString()),
      of(({ trigger }) => trigger),
      of(({ policy }) => policy),
      of(({ policyVersion }) => policyVersion),
      of(({ chosen }) => chosen),
      of(({ silence }) => silence),
      of(({ candidates }) => textArray(candidates)),
      of(({ ineligible }) => JSON.stringify(ineligible)),
      of(({ probabilities }) => probabilities),
      of(({ scores }) => scores),
      of(({ featureNames }) => textArray(featureNames)),
      of(({ features }) => features),
      of(({ shadows }) => JSON.stringify(shadows)),
      of(({ latencyMs }) => latencyMs),
      ofTip(({ id }) => id),
      ofTip(({ source }) => source),
      ofTip(({ externalId }) => externalId),
      ofTip(({ kind }) => kind),
      ofTip(({ sealed }) => sealed),
      ofTip(({ expiresAt }) => expiresAt.toISOString()),
      ofTip(({ endedAt }) => endedAt?.toISOString() ?? null),
      ofTip(({ endReason }) => endReason),
      made.map(({ until }) => until?.toISOString() ?? null),
      made.map(({ place }) => place),
      ended.map(({ id }) => id),
      ended.map(({ at }) => at.toISOString()),
      ended.map(({ reason }) => reason),
      of(({ contributions }) => contributions),
      of(({ decidedAs }) => decidedAs),
      of(({ experiment }) => experiment),
      of(({ arm }) => arm),
      of(({ sendProbability }) => sendProbability),
    ],
  })
  return new Map(rows.map(row => [row.personId, row.version]))
}

/** A list as PostgreSQL writes one: lists of lists would come out of unnest as one long list. */
const textArray = (values: readonly string[]): string =>
  `{${values.map(value => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
