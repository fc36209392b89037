// P3: people look again at a tip that still holds. Nothing is decided; the log must not grow.
import { type Bench, lapOf, peerLap, takeTurns } from './bench.ts'
import { cpuPerRequest, readCpu } from './cpu.ts'
import type { Lap } from './load.ts'
import { askEveryone, recommendAs, shareOf } from './people.ts'
import { bar, milliseconds, perSecond, type Row, timesBare } from './row.ts'
import { median, medianRatio } from './statistics.ts'

const connections = 16
const must = 0.3
const goal = 0.45

export async function measureCurrentTip(bench: Bench): Promise<Row[]> {
  const { signal } = bench
  const bare = await bench.bare()
  const { instance, people } = await bench.instance()
  const count = async () => {
    const { rows } = await instance.owner.query('SELECT count(*)::int AS n FROM recommender.decisions')
    return Number(rows[0]?.n)
  }
  const cpu: Record<string, number>[] = []
  let decided = 0
  const ours = async (seconds: number): Promise<Lap> => {
    const asks = (at: number) => shareOf(people, at, connections).map(recommendAs)
    const answers = await askEveryone(instance.url, people, signal)
    const without = [...answers].find(([, { hasTip }]) => !hasTip)
    if (without) throw new Error(`${without[0].email} got no tip.`)
    const before = { decisions: await count(), cpu: readCpu(instance.pids) }
    const lap = await lapOf(instance.url, { connections, seconds, signal }, asks)
    cpu.push(cpuPerRequest(before.cpu, readCpu(instance.pids), lap.answered))
    decided += (await count()) - before.decisions
    return lap
  }
  bench.say('… P3: bare, oO')
  const [bareLaps = [], laps = []] = await takeTurns(bench, [peerLap(bare, connections, signal), ours])

  const rate = (of: Lap[]) => of.map(lap => lap.perSecond)
  const ratio = medianRatio(rate(laps), rate(bareLaps))
  const atLeast = (limit: number) => bar({ text: `≥ ${timesBare(limit)}`, met: ratio >= limit })
  const last = Object.entries(cpu.at(-1) ?? {}).map(([name, us]) => `${name} ${us}`)
  const failed = laps.reduce((total, lap) => total + lap.failed, 0)
  return [
    {
      id: 'P3',
      what: `recommend, answered by the current tip, c=${connections}`,
      figure: perSecond(median(rate(laps))),
      ratio: timesBare(ratio),
      must: atLeast(must),
      goal: atLeast(goal),
      laps: { bare: bareLaps, oO: laps },
      notes: [
        `bare ${perSecond(median(rate(bareLaps)))}; p50 ${milliseconds(median(laps.map(lap => lap.p50Ms)))}, p99 ${milliseconds(median(laps.map(lap => lap.p99Ms)))}; ${people.length} people, ${decided} decided anew, ${failed} failed`,
        `CPU per answer in µs: ${last.join(', ')}`,
      ],
    },
  ]
}
