// Queries about how old what is known is, over everyone: by a fair sample once there are many, and never for long.
import { type Pool, transaction } from '@oo/kernel'

/** So much of a table is read, about: twenty thousand signals. And never for longer than this. */
const mostBytes = 2_000_000
const withinMs = 2_000

export interface Ages {
  type: string
  kind: 'page' | 'app' | 'ingress'
  people: number
  within: number
  medianMs: number
  oldestMs: number
}

const figures = (targetMs: string) => `count(*)::int AS people,
  count(*) FILTER (WHERE age_ms <= ${targetMs})::int AS within,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY age_ms) AS "medianMs",
  max(age_ms) AS "oldestMs"`

const ageSince = (instant: string) =>
  `greatest(0, extract(epoch FROM $1::timestamptz - ${instant}) * 1000)::float8`

/** Of each person the newest of a type, whichever source of a kind told it. */
export function agesOfSignals(
  db: Pool,
  { now, targets }: { now: Date; targets: readonly { type: string; ms: number }[] },
): Promise<Ages[]> {
  const text = `WITH newest AS (
      SELECT type, kind, person_id, ${ageSince('max(measured_at)')} AS age_ms
        FROM (SELECT type, person_id, measured_at,
                CASE WHEN source = 'page' THEN 'page' WHEN source LIKE 'ingress:%' THEN 'ingress' ELSE 'app' END AS kind
                FROM integrations.signals TABLESAMPLE SYSTEM ($2)) AS told
       GROUP BY type, kind, person_id)
    SELECT type, kind, ${figures('target.ms')}
      FROM newest JOIN unnest($3::text[], $4::float8[]) AS target (of, ms) ON target.of = newest.type
     GROUP BY type, kind ORDER BY type, kind`
  const values = [targets.map(({ type }) => type), targets.map(({ ms }) => ms)]
  return ask(db, 'integrations.signals', share => ({ text, values: [now, share, ...values] }))
}

/**
 * Since connected apps were last read, or connected: of a person with several the one read longest ago, because each
 * may have what the others have not. What no consent allows to read is not late.
 */
export function agesOfReads(
  db: Pool,
  { type, providers, now, targetMs }: { type: string; providers: string[]; now: Date; targetMs: number },
): Promise<Ages[]> {
  const text = `SELECT $4 AS type, 'app' AS kind, ${figures('$3')}
      FROM (SELECT ${ageSince('min(coalesce(calendars.synced_at, read_at, connected_at))')} AS age_ms
              FROM integrations.grants TABLESAMPLE SYSTEM ($2)
              LEFT JOIN integrations.calendars USING (person_id, provider)
             WHERE state = 'connected' AND NOT rests AND provider = ANY($5::text[])
             GROUP BY person_id) AS read
    HAVING count(*) > 0`
  return ask(db, 'integrations.grants', share => ({ text, values: [now, share, targetMs, type, providers] }))
}

function ask(
  db: Pool,
  table: string,
  query: (share: number) => { text: string; values: unknown[] },
): Promise<Ages[]> {
  const settings = [`statement_timeout = ${withinMs}`]
  return transaction(
    db,
    async ({ $client }) => {
      const { rows } = await $client.query<{ size: number }>(
        'SELECT pg_relation_size($1::regclass) AS size',
        [table],
      )
      const size = Math.max(mostBytes, rows[0]?.size ?? 0)
      return (await $client.query<Ages>(query((100 * mostBytes) / size))).rows
    },
    settings,
  )
}
