// P6: the hop to ml and back by itself, twelve candidates and their features from attributes, against the naive stack
// and the VW daemon under the same request. ml reads the person's rows from a real database as in every decision.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '@oo/local'
import { type Bench, peerLap, takeTurns } from './bench.ts'
import { cpuPerRequest, readCpu } from './cpu.ts'
import { migrate } from './instance.ts'
import type { Lap } from './load.ts'
import { labPython, needsLab, python } from './peers/start.ts'
import type { Processes, Started } from './processes.ts'
import { bar, milliseconds, perSecond, type Row, significant, timesNaive } from './row.ts'
import { median, medianRatio } from './statistics.ts'

const connections = 16
const must = 1.5

export async function measureScoringHop(bench: Bench): Promise<Row[]> {
  const { signal } = bench
  const [naive, { hop, mlUrl, pids }] = [await bench.naive(), await startHop(bench)]
  const vw = bench.vw ? await startVw(bench.processes) : null
  bench.say(`… P6 with ${connections} connections: naive, oO${vw ? ', the VW daemon' : ''}`)
  const cpu: Record<string, number>[] = []
  const ourLap = async (seconds: number): Promise<Lap> => {
    const before = readCpu(pids)
    const lap = await peerLap(hop, connections, signal)(seconds)
    cpu.push(cpuPerRequest(before, readCpu(pids), lap.answered))
    return lap
  }
  const turns = [
    peerLap(naive, connections, signal),
    ourLap,
    ...(vw ? [peerLap(vw, connections, signal)] : []),
  ]
  const [naiveLaps = [], ourLaps = [], vwLaps = []] = await takeTurns(bench, turns)
  const told = await (await fetch(`${mlUrl}/metrics`, { signal: AbortSignal.timeout(5_000) })).text()
  const blind =
    counted(told, 'oo_ml_state_faults_total', 'hb_ts') / counted(told, 'oo_ml_score_seconds_count')
  const rates = (laps: Lap[]) => laps.map(lap => lap.perSecond)
  const ratio = medianRatio(rates(ourLaps), rates(naiveLaps))
  const ofVw = vw ? medianRatio(rates(ourLaps), rates(vwLaps)) : 0
  const p50 = median(ourLaps.map(lap => lap.p50Ms))
  const spent = Object.keys(pids).map(
    name => `${name} ${Math.round(median(cpu.slice(1).map(lap => lap[name] ?? 0)))}`,
  )
  return [
    {
      id: 'P6',
      what: 'scoring hop alone, 12 candidates',
      figure: `${perSecond(median(rates(ourLaps)))}, p50 ${milliseconds(p50)}`,
      ratio: `${timesNaive(ratio)}${vw ? `, ${significant(ofVw)} × VW` : ''}`,
      must: bar({ text: `≥ ${timesNaive(must)}`, met: ratio >= must }),
      goal: bar({ text: '≥ VW daemon behind Node', met: vw !== null && ofVw >= 1 }),
      laps: { naive: naiveLaps, oO: ourLaps, vw: vwLaps },
      notes: [
        `naive ${perSecond(median(rates(naiveLaps)))}; failed requests of ours: ${ourLaps.reduce((sum, lap) => sum + lap.failed, 0)}`,
        vw
          ? `VW daemon behind Node ${perSecond(median(rates(vwLaps)))}`
          : `the VW daemon was not run: it does with --vw, and ${needsLab}`,
        `${(100 * blind).toFixed(1)} % decided by the population's mean, because the database was late`,
        'BanditDB is not measured',
        `CPU per decision in µs: ${spent.join(', ')}`,
      ],
    },
  ]
}

/** The sum of a metric over its labels, of one policy where it is named. */
function counted(metrics: string, name: string, policy?: string): number {
  const lines = metrics.split('\n').filter(line => line.startsWith(name))
  const wanted = lines.filter(line => policy === undefined || line.includes(`policy="${policy}"`))
  return wanted.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
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
  const hop = await processes.start({
    name: 'hop',
    command: process.execPath,
    args: port => [fileURLToPath(import.meta.resolve('./peers/hopServer.ts')), String(port), String(ml.port)],
    env: () => ({ ML_SHARED_SECRET: secret }),
    readyPath: '/',
  })
  return {
    hop,
    mlUrl: ml.url,
    pids: { hop: hop.pid, ml: ml.pid, postgres: postgres.pid, bench: process.pid },
  }
}

async function startVw(processes: Processes): Promise<Started | null> {
  const installed = labPython()
  if (!installed) return null
  return await processes.start({
    name: 'vw',
    command: process.execPath,
    args: port => [fileURLToPath(import.meta.resolve('./peers/vwServer.ts')), String(port), installed],
    readyPath: '/',
  })
}
