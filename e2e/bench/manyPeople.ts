// P9: what it costs that there are many people. A store of each size, filled with rows as learning leaves them.
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { python } from './peers/start.ts'
import { at, numberAt, printedBy } from './pythonJson.ts'
import { bar, milliseconds, type Row, significant } from './row.ts'
import { median } from './statistics.ts'

const must = { bytes: 2_500, loadMs: 1, roundS: 60, slower: 1.2 }
const goal = { bytes: 1_000 }
const withinMs = 3_600_000

export async function measureManyPeople(bench: Bench): Promise<Row[]> {
  const sizes = [1_000, 10_000, 100_000, 1_000_000].filter(size => size <= bench.people)
  bench.say(`… P9: stores of ${sizes.map(counted).join(', ')} people`)
  const program = join(import.meta.dirname, 'manyPeople.py')
  const printed = await printedBy(
    bench,
    python(),
    [program, String(bench.seconds), ...sizes.map(String)],
    withinMs,
  )
  const of = (size: number, laps: string, key: string) =>
    medianOf(at(printed, 'sizes', String(size), laps), key)
  const [fewest = 0, most = 0] = [sizes[0], sizes.at(-1)]
  const load = of(most, 'loads', 'p50Ms')
  const slower = of(most, 'decisions', 'p99Ms') / of(fewest, 'decisions', 'p99Ms')
  const roundS = medianOf(at(printed, 'pooled'), 'cpuUs')
  const bytes = Math.round(numberAt(printed, 'stateBytes'))
  const largest = numberAt(printed, 'largestBytes')
  const stored = numberAt(printed, 'sizes', String(most), 'bytesStored')
  const line = (size: number) =>
    `${counted(size)} people: load ${milliseconds(of(size, 'loads', 'p50Ms'))} (p99 ${milliseconds(of(size, 'loads', 'p99Ms'))}), decision ${milliseconds(of(size, 'decisions', 'p50Ms'))} (p99 ${milliseconds(of(size, 'decisions', 'p99Ms'))}), filled in ${significant(numberAt(printed, 'sizes', String(size), 'filledInS'))} s, ${numberAt(printed, 'sizes', String(size), 'fallbacks')} fallbacks`
  return [
    {
      id: 'P9',
      what: `${counted(most)} people: posterior; its load; prior's round over 10⁶; decision p99`,
      figure: `${counted(bytes)} bytes; ${milliseconds(load)}; ${significant(roundS)} s; ${milliseconds(of(most, 'decisions', 'p99Ms'))}`,
      ratio: `p99 ${significant(slower)} × that of ${counted(fewest)} people`,
      must: bar(
        { text: `≤ ${must.bytes} bytes`, met: largest <= must.bytes },
        { text: `≤ ${must.loadMs} ms`, met: load <= must.loadMs },
        { text: `≤ ${must.roundS} s`, met: roundS <= must.roundS },
        { text: `≤ ${must.slower} ×`, met: slower <= must.slower },
      ),
      goal: bar({ text: `≤ ${goal.bytes} bytes`, met: largest <= goal.bytes }),
      laps: { sizes: [at(printed, 'sizes')], rounds: [at(printed, 'pooled')] },
      notes: [
        ...sizes.map(line),
        `a posterior of ${numberAt(printed, 'columns')} columns after 60 days of four tips each, of simulated people: on average the figure, at most ${counted(largest)} bytes, which the bars are held against`,
        `${Math.round(stored)} bytes a person in Postgres, with the control's state, the head and the indexes`,
        `the round is streamed from the store, up to 10⁵ people, and counted for 10⁶; with waiting for the rows ${significant(medianOf(at(printed, 'pooled'), 'us'))} s`,
        ...(most < 1_000_000 ? ['10⁶ people in the store: --people 1000000'] : []),
      ],
    },
  ]
}

const counted = (size: number) => size.toLocaleString('en')

function medianOf(laps: unknown, key: string): number {
  if (!Array.isArray(laps)) throw new Error(`manyPeople.py printed no laps with ${key}.`)
  return median(laps.map(lap => numberAt(lap, key)))
}
