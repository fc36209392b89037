// Runs files of node:test, each in a process of its own with its own bound, a few at once. Node's own runner waits for
// a process that hangs at its exit for as long as it hangs (nodejs/node#54918), and never tells which one it was.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../runCommand.ts'
import type { Totals } from './reporter.ts'

export interface NodeTests {
  root: string
  files: string[]
  atOnce: number
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  /** Takes what the tests say, a whole file at a time. */
  print: (text: string) => void
  /** How long one file may take. Killed before its totals it has failed; after them, its totals stand. */
  withinMs?: number
  /** How long all of them may take; each that was not run by then has failed. */
  allWithinMs?: number
}

/** Maglev's compile jobs on other threads are what deadlocks with the exit of the main one. */
export const withoutMaglev = '--no-maglev'
const fileWithinMs = 10 * 60_000
const filesWithinMs = 30 * 60_000
const reporter = join(import.meta.dirname, 'reporter.ts')
const flags = [
  withoutMaglev,
  '--test-timeout=300000',
  // A failed test leaves open what it did not end, and its file would wait for that.
  '--test-force-exit',
  `--test-reporter=${reporter}`,
  '--test-reporter-destination=stdout',
]

export async function runNodeTests(tests: NodeTests): Promise<Totals> {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const stories: string[] = []
  const waiting = [...tests.files]
  const within = tests.allWithinMs ?? filesWithinMs
  const signal = AbortSignal.any([tests.signal, AbortSignal.timeout(within)])
  const work = async () => {
    while (!signal.aborted) {
      const file = waiting.shift()
      if (file === undefined) return
      let said = ''
      const print = (text: string) => {
        said += text
        tests.print(text)
      }
      const { passed, failed, skipped } = await runFile({ ...tests, print, signal }, file)
      sum.passed += passed
      sum.failed += failed
      sum.skipped += skipped
      if (failed > 0) stories.push(said)
    }
  }
  await Promise.all(Array.from({ length: tests.atOnce }, work))
  const notRun = waiting.map(file => `  ✗ ${file} was not run: all together had ${within / 1000} s\n`)
  for (const line of notRun) tests.print(line)
  return { ...sum, failed: sum.failed + waiting.length, stories: [...stories, ...notRun] }
}

async function runFile({ root, env, signal, print, withinMs }: NodeTests, file: string): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'oo-totals-'))
  const path = join(folder, 'totals.json')
  const within = withinMs ?? fileWithinMs
  try {
    const result = await runCommand(process.execPath, [...flags, file], {
      cwd: root,
      withinMs: within,
      env: { ...env, OO_TEST_TOTALS: path },
      signal,
    })
    const totals = readTotals(path)
    const how = result.timedOut
      ? `was killed: it did not end within ${within / 1000} s`
      : 'ended without its results'
    const told = totals && !result.timedOut
    print(told ? result.output : `${result.output}  ${totals ? '!' : '✗'} ${file} ${how}\n`)
    if (!totals) return { passed: 0, failed: 1, skipped: 0 }
    const failedUntold = result.code !== 0 && !result.timedOut && totals.failed === 0
    return failedUntold ? { ...totals, failed: 1 } : totals
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readTotals(path: string): Totals | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
