// P13: what the whole of oO takes while nobody uses it. `npm start` in a data folder of its own; the sandbox runs,
// because sign-in needs a provider, but no installation that is real has it, so it is not counted.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { rounds } from './alternate.ts'
import type { Bench } from './bench.ts'
import { readMemory } from './memory.ts'
import { startBare } from './peers/start.ts'
import { bar, type Row, significant } from './row.ts'
import { median, medianRatio } from './statistics.ts'
import { newFolder, startWhole } from './wholeStart.ts'

const must = 600
const goal = 400
/** The first start may have to build the pages. */
const startWithinMs = 600_000

export async function measureIdleMemory(bench: Bench): Promise<Row[]> {
  const laps: Record<string, number>[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    bench.say(`… P13: bare, the whole (${round + 1} of ${rounds})`)
    bare.push(await bareLap(bench))
    laps.push(await wholeLap(bench))
  }
  const sums = laps.map(sumOf)
  const megabytes = median(sums)
  const within = (limit: number) => bar({ text: `≤ ${limit} MB`, met: megabytes <= limit })
  const parts = Object.keys(laps[0] ?? {}).map(
    name => `${name} ${Math.round(median(laps.map(lap => lap[name] ?? 0)))}`,
  )
  return [
    {
      id: 'P13',
      what: 'idle memory of the whole (PSS, without sandbox)',
      figure: `${Math.round(megabytes)} MB`,
      ratio: `${significant(medianRatio(sums, bare))} × bare process`,
      must: within(must),
      goal: within(goal),
      laps: { bare, oO: laps },
      notes: [`MB: ${parts.join(', ')}; ${bench.seconds} s after its pages answered`],
    },
  ]
}

async function wholeLap(bench: Bench): Promise<Record<string, number>> {
  const dataDir = newFolder(bench)
  const whole = await startWhole(bench, dataDir, startWithinMs)
  try {
    await delay(bench.seconds * 1_000, undefined, { signal: bench.signal })
    const { sandbox: _, ...counted } = readMemory({ supervisor: whole.pid, ...recorded(dataDir) })
    return counted
  } finally {
    await whole.stop()
  }
}

async function bareLap({ processes }: Bench): Promise<number> {
  const bare = await startBare(processes)
  const megabytes = sumOf(readMemory({ bare: bare.pid }))
  await bare.stop()
  return megabytes
}

const sumOf = (parts: Record<string, number>): number =>
  Object.values(parts).reduce((total, part) => total + part, 0)

/** The processes of a run by name, as `npm start` keeps them to end what a killed one left. */
function recorded(dataDir: string): Record<string, number> {
  const run: unknown = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))
  if (!Array.isArray(run)) throw new Error('npm start left no list of its processes.')
  const pids = run.map(one => [String(Object(one).name), Number(Object(one).pid)] as const)
  for (const name of ['ml', 'api', 'web', 'admin'])
    if (!pids.some(([known]) => known === name)) throw new Error(`npm start did not record ${name}.`)
  const [database] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
  return { database: Number(database), ...Object.fromEntries(pids) }
}
