// P7: ml's mathematics by itself, in Python and on prepared features, so that no hop and no parsing counts.
import { rounds } from './alternate.ts'
import type { Bench } from './bench.ts'
import { python } from './peers/start.ts'
import { numberAt, printedBy } from './pythonJson.ts'
import { bar, type Row, significant } from './row.ts'
import { median } from './statistics.ts'

const candidates = [12, 50, 200]
const mustUs = [40, 60, 110]
const goalUs = [15, 22, 40]
const withinMs = 300_000

export async function measureScorer(bench: Bench): Promise<Row[]> {
  const laps = await lapsOf(bench)
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
      must: within(mustUs),
      goal: within(goalUs),
      laps: { hb_ts: laps },
      notes: [
        `the quickest runs ${quickest.map(significant).join(' / ')} µs; learning a reward ${significant(learn)} µs`,
      ],
    },
  ]
}

const hbTs = ['policies', 'hb_ts']

async function lapsOf(bench: Bench): Promise<unknown[]> {
  const laps: unknown[] = []
  for (let round = 0; round < rounds; round++) {
    bench.say(`… P7: prepared features (${round + 1} of ${rounds})`)
    laps.push(await printedBy(bench, python(), ['-m', 'ml.policy.bench', 'hb_ts'], withinMs))
  }
  return laps
}
