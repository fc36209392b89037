// P7 and P9: ml's mathematics by itself, in Python and on prepared features, so that no hop and no parsing counts.
// Of P9 it is what one posterior takes and what a round of the prior's EM costs per person.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { rounds } from './alternate.ts'
import type { Bench } from './bench.ts'
import { python } from './peers/start.ts'
import { root } from './processes.ts'
import { bar, type Row, significant } from './row.ts'
import { median } from './statistics.ts'

const candidates = [12, 50, 200]
const must = { us: [40, 60, 110], bytes: 2_500, personUs: 60 }
const goal = { us: [15, 22, 40], bytes: 1_000 }
const withinMs = 300_000

export async function measureScorer(bench: Bench): Promise<Row[]> {
  const laps = await lapsOf(bench, 'P7')
  const typical = candidates.map(k =>
    median(laps.map(lap => numberAt(lap, ...hbTs, 'choose', `${k}`, 'median'))),
  )
  const quickest = candidates.map(k =>
    Math.min(...laps.map(lap => numberAt(lap, ...hbTs, 'choose', `${k}`, 'least'))),
  )
  const learn = median(laps.map(lap => numberAt(lap, ...hbTs, 'learn', 'median')))
  const columns = numberAt(laps[0], 'columns')
  const within = (limits: number[]) =>
    bar({ text: `≤ ${limits.join(' / ')} µs`, met: typical.every((us, at) => us <= (limits[at] ?? 0)) })
  return [
    {
      id: 'P7',
      what: `scorer per decision, ${candidates.join(' / ')} candidates of ${columns} prepared features`,
      figure: `${typical.map(significant).join(' / ')} µs`,
      ratio: '–',
      must: within(must.us),
      goal: within(goal.us),
      laps: { hb_ts: laps },
      notes: [
        `the quickest runs ${quickest.map(significant).join(' / ')} µs; learning a reward ${significant(learn)} µs`,
      ],
    },
  ]
}

export async function measurePosterior(bench: Bench): Promise<Row[]> {
  const laps = await lapsOf(bench, 'P9')
  const bytes = numberAt(laps[0], 'prior', 'stateBytes')
  const personUs = median(laps.map(lap => numberAt(lap, 'prior', 'perPersonAndRound', 'median')))
  return [
    {
      id: 'P9',
      what: 'a posterior; a round of the prior over 10⁶ people, on one core',
      figure: `${bytes} bytes; ${significant(personUs)} s`,
      ratio: '–',
      must: bar(
        { text: `≤ ${must.bytes} bytes`, met: bytes <= must.bytes },
        { text: `≤ ${must.personUs} s`, met: personUs <= must.personUs },
      ),
      goal: bar({ text: `≤ ${goal.bytes} bytes`, met: bytes <= goal.bytes }),
      laps: { hb_ts: laps },
      notes: [
        'the round is that of 200 people, times 5,000; the cold load of one and 10⁶ rows are not in this figure',
      ],
    },
  ]
}

const hbTs = ['policies', 'hb_ts']

async function lapsOf(bench: Bench, id: string): Promise<unknown[]> {
  const laps: unknown[] = []
  for (let round = 0; round < rounds; round++) {
    bench.say(`… ${id}: prepared features (${round + 1} of ${rounds})`)
    const env = { PATH: process.env.PATH, OPENBLAS_NUM_THREADS: '1' }
    const options = { cwd: root, env, signal: bench.signal, timeout: withinMs }
    const { stdout } = await promisify(execFile)(python(), ['-m', 'ml.policy.bench', 'hb_ts'], options)
    laps.push(JSON.parse(stdout))
  }
  return laps
}

function numberAt(printed: unknown, ...path: string[]): number {
  let at = printed
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  if (typeof at !== 'number') throw new Error(`ml.policy.bench printed no number at ${path.join('.')}.`)
  return at
}
