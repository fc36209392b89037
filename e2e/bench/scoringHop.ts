// P6: the hop to ml and back by itself, twelve candidates and their features from attributes, against the naive stack
// under the same request. ml reads the person's row from a real database as in every decision.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '@oo/local'
import { type Bench, peerLap, takeTurns } from './bench.ts'
import { migrate } from './instance.ts'
import { python } from './peers/start.ts'
import { bar, milliseconds, perSecond, type Row, timesNaive } from './row.ts'
import { median, medianRatio } from './statistics.ts'

const connections = 16
const must = 1.5

export async function measureScoringHop(bench: Bench): Promise<Row[]> {
  const { signal } = bench
  const [naive, hop] = [await bench.naive(), await startHop(bench)]
  bench.say(`… P6 with ${connections} connections: naive, oO`)
  const turns = [peerLap(naive, connections, signal), peerLap(hop, connections, signal)]
  const [naiveLaps = [], ourLaps = []] = await takeTurns(bench, turns)
  const rates = ourLaps.map(lap => lap.perSecond)
  const ratio = medianRatio(
    rates,
    naiveLaps.map(lap => lap.perSecond),
  )
  const p50 = median(ourLaps.map(lap => lap.p50Ms))
  return [
    {
      id: 'P6',
      what: 'scoring hop alone, 12 candidates',
      figure: `${perSecond(median(rates))}, p50 ${milliseconds(p50)}`,
      ratio: timesNaive(ratio),
      must: bar({ text: `≥ ${timesNaive(must)}`, met: ratio >= must }),
      goal: bar({ text: '≥ VW daemon behind Node, ≥ BanditDB (neither is measured here)', met: false }),
      laps: { naive: naiveLaps, oO: ourLaps },
      notes: [
        `naive ${perSecond(median(naiveLaps.map(lap => lap.perSecond)))}; failed requests of ours: ${ourLaps.reduce((sum, lap) => sum + lap.failed, 0)}`,
      ],
    },
  ]
}

async function startHop({ processes, signal }: Bench) {
  const opening = startPostgres({ dataDir: join(processes.folder, 'hop') })
  const postgres = await processes.open(opening, opened => opened.stop())
  await migrate(postgres.url('oo_owner'), signal)
  const secret = randomBytes(32).toString('hex')
  const ml = await processes.start({
    name: 'hop-ml',
    command: python(),
    args: () => ['-m', 'ml.serving'],
    env: port => ({
      OO_ML_PORT: String(port),
      ML_SHARED_SECRET: secret,
      OO_ML_DATABASE_URL: postgres.url('oo_ml'),
    }),
    readyPath: '/health',
  })
  return processes.start({
    name: 'hop',
    command: process.execPath,
    args: port => [fileURLToPath(import.meta.resolve('./peers/hopServer.ts')), String(port), String(ml.port)],
    env: () => ({ ML_SHARED_SECRET: secret }),
    readyPath: '/',
  })
}
