// P4: each request is the first reaction to a tip of its own. The tips are written beforehand by SQL, because one
// decision per reaction would measure P1 again; done is left out, its completing happens later and elsewhere.
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { type Bench, peerLap, takeTurns } from './bench.ts'
import { cpuPerRequest, readCpu } from './cpu.ts'
import { type Ask, type Lap, runLoad } from './load.ts'
import { askEveryone, type Person, shareOf } from './people.ts'
import { bar, milliseconds, perSecond, type Row, timesBare } from './row.ts'
import { median, medianRatio } from './statistics.ts'

const connections = 16
const must = { perSecond: 8_000, p50Ms: 3 }
const goal = { perSecond: 20_000, p50Ms: 1 }
const kinds = ['helpful', 'not_helpful', 'dismiss', 'wrong_time', 'wrong_thing']
/** The gateway lets a person react 240 times a minute; we stay below. */
const limitPerMinute = 230
const perPersonAtMost = 200
const drainPerSecond = 4
const firstGuessPerSecond = 500

export async function measureReactions(bench: Bench): Promise<Row[]> {
  const { signal } = bench
  const bare = await bench.bare()
  const { instance, people } = await bench.instance()
  const answers = await askEveryone(instance.url, people, signal)
  const decisionIds = [...answers.values()].map(({ decisionId }) => decisionId)
  const spent = openBudget()
  const cpu: Record<string, number>[] = []
  let rate = firstGuessPerSecond

  const ours = async (seconds: number): Promise<Lap> => {
    const each = Math.min(perPersonAtMost, Math.max(1, Math.round((rate * seconds) / people.length)))
    const tips = await writeTips(instance.owner, decisionIds, each)
    await delay(spent.waitMs(each), undefined, { signal })
    const asksOf = (person: Person) =>
      (tips.get(answers.get(person)?.decisionId ?? '') ?? []).map(({ tip }, at) => reactAs(person, tip, at))
    const before = { cpu: readCpu(instance.pids), reactions: await countReactions(instance.owner) }
    const lap = await runLoad({
      url: instance.url,
      connections,
      until: { requests: people.length * each },
      asks: at => shareOf(people, at, connections).flatMap(asksOf),
    })
    spent.add(each)
    cpu.push(cpuPerRequest(before.cpu, readCpu(instance.pids), lap.answered))
    const written = (await countReactions(instance.owner)) - before.reactions
    if (written < lap.answered)
      throw new Error(`${lap.answered} reactions were acknowledged, but only ${written} are in the database.`)
    rate = lap.perSecond
    return lap
  }
  bench.say('… P4: bare, oO')
  const [bareLaps = [], laps = []] = await takeTurns(bench, [peerLap(bare, connections, signal), ours])

  const rates = (of: Lap[]) => of.map(lap => lap.perSecond)
  const [figure, p50Ms] = [median(rates(laps)), median(laps.map(lap => lap.p50Ms))]
  const atLeast = (limit: typeof must) =>
    bar(
      { text: `≥ ${perSecond(limit.perSecond)}`, met: figure >= limit.perSecond },
      { text: `p50 ≤ ${limit.p50Ms} ms`, met: p50Ms <= limit.p50Ms },
    )
  const last = Object.entries(cpu.at(-1) ?? {}).map(([name, us]) => `${name} ${us}`)
  const failed = laps.reduce((total, lap) => total + lap.failed, 0)
  return [
    {
      id: 'P4',
      what: `reaction, acknowledged after fsync, c=${connections}`,
      figure: `${perSecond(figure)}, p50 ${milliseconds(p50Ms)}`,
      ratio: timesBare(medianRatio(rates(laps), rates(bareLaps))),
      must: atLeast(must),
      goal: atLeast(goal),
      laps: { bare: bareLaps, oO: laps },
      notes: [
        `bare ${perSecond(median(rates(bareLaps)))}; p99 ${milliseconds(median(laps.map(lap => lap.p99Ms)))}; laps of ${laps.map(lap => lap.seconds.toFixed(1)).join(', ')} s, ${failed} failed; every acknowledged reaction was found in the database`,
        `CPU per reaction in µs: ${last.join(', ')}`,
      ],
    },
  ]
}

const reactAs = ({ headers }: Person, tipId: string, at: number): Ask => ({
  method: 'POST',
  path: '/api/feedback',
  headers,
  body: JSON.stringify({ tipId, reaction: kinds[at % kinds.length] }),
})

/** How many reactions of the minute each person has used up, by the gateway's leaky bucket. */
function openBudget() {
  let level = 0
  let at = Date.now()
  const drained = () => Math.max(0, level - ((Date.now() - at) / 1_000) * drainPerSecond)
  return {
    waitMs: (more: number) => Math.max(0, ((drained() + more - limitPerMinute) / drainPerSecond) * 1_000),
    add(more: number) {
      level = drained() + more
      at = Date.now()
    },
  }
}

/** Fresh open tips, each with a decision of its own, a copy of one of these; by the decision it was copied from. */
async function writeTips(
  owner: pg.Client,
  decisionIds: string[],
  each: number,
): Promise<Map<string, { tip: string }[]>> {
  const { rows } = await owner.query<{ tip: string; of: string }>(
    `WITH fresh AS (
       SELECT uuidv7() AS id, uuidv7() AS tip, number, d.id AS of, d.person_id, d.trigger, d.policy,
              d.policy_version, d.candidates, d.ineligible, d.probabilities, d.scores, d.feature_names, d.features,
              d.shadows, d.latency_ms
         FROM recommender.decisions d, generate_series(1, $2) AS number
        WHERE d.id = ANY($1)
     ), decided AS (
       INSERT INTO recommender.decisions (id, person_id, at, trigger, policy, policy_version, chosen, candidates,
              ineligible, probabilities, scores, feature_names, features, shadows, latency_ms)
       SELECT id, person_id, now(), trigger, policy, policy_version, 'bench', candidates,
              ineligible, probabilities, scores, feature_names, features, shadows, latency_ms FROM fresh
     ), shown AS (
       INSERT INTO recommender.tips (id, decision_id, person_id, source, external_id, kind, sealed, created_at, expires_at)
       SELECT tip, id, person_id, 'bench', (number % 20)::text, 'todo', '\\x00', now(), now() + interval '4 hours'
         FROM fresh
     )
     SELECT tip, of FROM fresh`,
    [decisionIds, each],
  )
  return Map.groupBy(rows, row => row.of)
}

async function countReactions(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query('SELECT count(*)::int AS n FROM recommender.reactions')
  return Number(rows[0]?.n)
}
