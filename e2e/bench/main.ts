// `npm run bench`: measures, prints the table, writes JSON. A missed bar is printed, not an error.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { rounds } from './alternate.ts'
import { type Args, type MeasureId, readArgs, recordSeconds, WrongUse } from './args.ts'
import { type Bench, openBench } from './bench.ts'
import { measureCurrentTip } from './currentTip.ts'
import { measureEventRelay } from './eventRelay.ts'
import { measureIdleMemory } from './idleMemory.ts'
import { measureLearned } from './learned.ts'
import { measureLearners } from './learners.ts'
import { measureManyPeople } from './manyPeople.ts'
import { measureNewDecisions } from './newDecisions.ts'
import { openProcesses } from './processes.ts'
import { measureReactions } from './reactions.ts'
import type { Row } from './row.ts'
import { measureScorer } from './scorer.ts'
import { measureScoringHop } from './scoringHop.ts'
import { measureStartUp } from './startUp.ts'
import { formatTable } from './table.ts'

const measure: Record<MeasureId, (bench: Bench) => Promise<Row[]>> = {
  P1: measureNewDecisions,
  P3: measureCurrentTip,
  P4: measureReactions,
  P5: measureLearned,
  P6: measureScoringHop,
  P7: measureScorer,
  P8: measureLearners,
  P9: measureManyPeople,
  P10: measureEventRelay,
  P12: measureStartUp,
  P13: measureIdleMemory,
}

async function main(): Promise<number> {
  const args = readArgs(process.argv.slice(2))
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort())
  const folder = mkdtempSync(join(tmpdir(), 'oo-bench-'))
  const processes = openProcesses(folder, stopping.signal)
  const say = (line: string) => console.error(line)
  const bench = openBench({
    seconds: args.seconds,
    people: args.people,
    vw: args.vw,
    signal: stopping.signal,
    processes,
    say,
  })
  const stopped = new Promise<never>((_, reject) =>
    stopping.signal.addEventListener('abort', () => reject(new Error('The bench was stopped.'))),
  )
  try {
    const { rows, unmeasured } = await Promise.race([run(args, bench), stopped])
    report(args, rows)
    for (const sentence of unmeasured) console.error(sentence)
    return unmeasured.length === 0 ? 0 : 1
  } finally {
    stopping.abort()
    await processes.stopAll()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A measure that fails costs its own rows only. */
async function run({ wanted }: Args, bench: Bench): Promise<{ rows: Row[]; unmeasured: string[] }> {
  const rows: Row[] = []
  const unmeasured: string[] = []
  for (const id of wanted) {
    try {
      rows.push(...(await measure[id](bench)))
    } catch (error) {
      bench.signal.throwIfAborted()
      unmeasured.push(`${id} could not be measured: ${error instanceof Error ? error.message : error}`)
    }
  }
  return { rows, unmeasured }
}

function report({ seconds, json }: Args, rows: Row[]): void {
  const isShort = seconds < recordSeconds
  console.log(`\n${formatTable(rows)}\n`)
  for (const { id, what, notes } of rows) for (const note of notes) console.log(`${id} ${what}: ${note}`)
  console.log(
    `\nMedians of ${rounds} laps taken in turns, of ${seconds} s (P12, P13: a start), on ${availableParallelism()} cores.`,
  )
  if (isShort) console.log(`A short try: figures of record are made with laps of ${recordSeconds} s.`)
  if (json === undefined) return
  const machine = { cores: availableParallelism(), platform: process.platform, node: process.version }
  const written = { at: new Date().toISOString(), machine, rounds, seconds, short: isShort, rows }
  writeFileSync(json, `${JSON.stringify(written, null, 2)}\n`)
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  return error instanceof WrongUse ? 2 : 1
})
process.exit()
