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
import { writeTips } from './tips.ts'

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
      (tips.get(answers.get(person)?.decisionId ?? '') ?? []).map(({ tip }, at) =>
        reactAs(person, tip, kinds[at % kinds.length] ?? ''),
      )
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

export const reactAs = ({ headers }: Person, tipId: string, reaction: string): Ask => ({
  method: 'POST',
  path: '/api/feedback',
  headers,
  body: JSON.stringify({ tipId, reaction }),
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

async function countReactions(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query('SELECT count(*)::int AS n FROM recommender.reactions')
  return Number(rows[0]?.n)
}
