import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { buildApp } from '../buildApp.ts'
import { allChecks } from '../check/allChecks.ts'
import { reportCheck, runChecks } from '../check/check.ts'
import { ensureNats } from '../nats/ensureNats.ts'
import { pinnedEnvironment } from '../pinnedEnvironment.ts'
import { ensurePython } from '../python.ts'
import { ensureRadicale } from '../radicale/startRadicale.ts'
import { Refusal } from '../refusal.ts'
import { runCommand } from '../runCommand.ts'
import { runNodeTests } from './nodeTests.ts'
import { runProofs } from './proofs.ts'
import type { Totals } from './reporter.ts'
import type { SharedDatabase } from './sharedDatabase.ts'
import { ensureChromium } from './tools.ts'

export const stageNames = ['check', 'unit', 'python', 'lab', 'proofs', 'browser'] as const
export type StageName = (typeof stageNames)[number]
export type Stage = (request: Request) => Promise<Totals>
interface Request {
  root: string
  files: string[]
  signal: AbortSignal
  database: SharedDatabase
  /** Takes what the tests say. */
  print: (text: string) => void
}

const stageWithinMs = 30 * 60_000
const testFolders = '{packages,services,apps,infra,e2e}/**/*.test.ts'
const notTests = ['**/node_modules', '**/.next', '**/gen']
const say = (line: string) => console.log(line)

export const stages: Record<StageName, Stage> = {
  async check({ root, signal }) {
    await ensurePython(root, 'dev', say, signal)
    const results = await runChecks(allChecks(root), reportCheck)
    const failed = results.filter(result => result.problems.length > 0)
    const stories = failed.map(({ name, problems }) => `  ✗ ${[name, ...problems].join('\n      ')}\n`)
    return { passed: results.length - failed.length, failed: failed.length, skipped: 0, stories }
  },

  async unit(request) {
    await ensurePython(request.root, 'dev', say, request.signal)
    await ensureNats({ say, signal: request.signal })
    await ensureRadicale(say, request.signal)
    const files = chosenFiles(request, file => !isBrowserTest(file))
    return runNodeTests({ ...request, files, atOnce: 2, env: await request.database.env() })
  },

  async python({ root, files, signal, database, print }) {
    const python = await ensurePython(root, 'dev', say, signal)
    if (files.length === 0 && globSync('ml/**/test_*.py', { cwd: root }).length === 0) return none
    const env = { ...(await database.env()), OO_TEST_NATS: await ensureNats({ say, signal }) }
    return runPytest({ root, python, args: files.length > 0 ? files : ['ml'], env, signal, print })
  },

  async lab({ root, files, signal, print }) {
    const environment = await pinnedEnvironment({ root, name: 'lab', say, signal })
    const threads = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
    const args = ['-m', 'lab', ...(files.length > 0 ? files : ['ml/experiments'])]
    const python = join(environment, 'bin', 'python')
    return runPytest({ root, python, args, env: { ...process.env, ...threads }, signal, print })
  },

  async proofs({ root, files, signal, print }) {
    await ensurePython(root, 'dev', say, signal)
    return runProofs({ root, ids: files, signal, onOutput: print })
  },

  async browser(request) {
    const files = chosenFiles(request, isBrowserTest)
    if (files.length === 0) return none
    const chromium = await ensureChromium(say)
    for (const app of ['web', 'admin']) {
      if (existsSync(join(request.root, 'apps', app, 'server.mjs')))
        await buildApp(request.root, app, request.signal)
    }
    await ensurePython(request.root, 'dev', say, request.signal)
    const env = { ...(await request.database.env()), OO_CHROMIUM: chromium }
    return runNodeTests({ ...request, files, atOnce: 1, env })
  },
}

const none: Totals = { passed: 0, failed: 0, skipped: 0 }

export function isBrowserTest(file: string): boolean {
  return file.endsWith('.browser.test.ts')
}

/** The stage's test files: all of them, or those that were named, by file or by folder. */
function chosenFiles({ root, files }: Request, belongs: (file: string) => boolean): string[] {
  const all = globSync(testFolders, { cwd: root, exclude: notTests }).filter(belongs).toSorted()
  const named = files.map(file => relative(root, resolve(root, file)))
  const chosen = all.filter(
    file => named.length === 0 || named.some(name => file === name || file.startsWith(`${name}/`)),
  )
  if (named.length > 0 && chosen.length === 0)
    throw new Refusal(
      `No test of this stage is in ${files.join(', ')}: name a file or a folder that has some.`,
    )
  return chosen
}

interface Pytest extends Pick<Request, 'root' | 'signal' | 'print'> {
  python: string
  args: string[]
  env: NodeJS.ProcessEnv
}

async function runPytest({ root, python, args, env, signal, print }: Pytest): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'oo-pytest-'))
  const report = join(folder, 'junit.xml')
  try {
    const words = ['-m', 'pytest', '-q', '--no-header', `--junitxml=${report}`, ...args]
    const options = { cwd: root, withinMs: stageWithinMs, env, onOutput: print, signal }
    const result = await runCommand(python, words, options)
    const totals = existsSync(report) ? junitTotals(readFileSync(report, 'utf8')) : none
    const failed = result.code !== 0 ? Math.max(1, totals.failed) : totals.failed
    return { ...totals, failed, stories: failed > 0 ? [result.output] : [] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function junitTotals(xml: string): Totals {
  const number = (name: string) =>
    Number(new RegExp(`<testsuite\\b[^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0)
  const failed = number('failures') + number('errors')
  const skipped = number('skipped')
  return { passed: number('tests') - failed - skipped, failed, skipped }
}
