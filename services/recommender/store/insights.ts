// What insights read of the decision log: moments whose window is over, and the spells of silence.
import type { Db } from '@oo/kernel'
import type { SilenceReason } from '@oo/shared-types'

export interface Moment {
  atRandom: boolean
  reward: number
}

/** As many as ml takes. */
const most = 10_000

/**
 * Moments in which there was something to choose from and the policy or, held back, chance chose, in the order in
 * which their day was over. One of a pause is none, nor is an answer that another device was faster with.
 */
export async function closedMoments(db: Db, personId: string, before: Date): Promise<Moment[]> {
  const { rows } = await db.$client.query<Moment>({
    name: 'recommender.closed_moments',
    text: `SELECT d.decided_as IS NOT DISTINCT FROM 'holdback' AS "atRandom",
                  greatest(-1, least(1, coalesce(o.reward, 0))) AS reward
             FROM recommender.decisions d
             LEFT JOIN recommender.tips t ON t.decision_id = d.id
             LEFT JOIN recommender.outcomes o ON o.decision_id = d.id
            WHERE d.person_id = $1 AND d.at < $2 AND d.trigger = 'open' AND cardinality(d.candidates) > 1
              AND d.policy NOT IN ('fallback', 'none')
              AND (d.policy <> 'random' OR d.decided_as = 'holdback')
              AND (d.silence IS NULL OR d.silence = 'nothing_worth_it')
              AND t.end_reason IS DISTINCT FROM 'another_decision' AND o.outcome IS DISTINCT FROM 'paused'
            ORDER BY d.at, d.id LIMIT $3`,
    values: [personId, before, most],
  })
  return rows
}

export interface Quiet {
  reason: SilenceReason
  today: number
  week: number
}

/**
 * How often it was quiet, by reason: since midnight where the person is, and in seven days with today. oO looks
 * again every few minutes while a page is open; within an hour, the same reason again is the same silence. A push that
 * was not sent is none: nobody looked.
 */
export async function silences(db: Db, personId: string, now: Date, timeZone: string): Promise<Quiet[]> {
  const { rows } = await db.$client.query<Quiet>({
    name: 'recommender.silences',
    text: `WITH midnight AS (
             SELECT date_trunc('day', $2::timestamptz AT TIME ZONE $3) AS here
           ), days AS (
             SELECT here AT TIME ZONE $3 AS today, (here - interval '6 days') AT TIME ZONE $3 AS week FROM midnight
           ), told AS (
             SELECT d.at, d.silence, lag(d.silence) OVER w AS before, d.at - lag(d.at) OVER w AS since
               FROM recommender.decisions d, days
              WHERE d.person_id = $1 AND d.trigger = 'open' AND d.at >= days.week - interval '1 hour' AND d.at <= $2
             WINDOW w AS (ORDER BY d.at, d.id)
           )
           SELECT silence AS reason, count(*) FILTER (WHERE at >= days.today)::int AS today, count(*)::int AS week
             FROM told, days
            WHERE silence IS NOT NULL AND at >= days.week
              AND (before IS DISTINCT FROM silence OR since > interval '1 hour')
            GROUP BY silence ORDER BY week DESC, reason`,
    values: [personId, now, timeZone],
  })
  return rows
}
