import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../runCommand.ts'
import { withoutMaglev } from './nodeTests.ts'
import type { Totals } from './reporter.ts'

const withinMs = 20 * 60_000
/** The proofs stop whole instances, and take mounts away. */
const graceMs = 60_000

type Request = { root: string; ids: string[]; signal: AbortSignal; onOutput: (text: string) => void }

/** The short form of every proof, or of those that were named; each row of the table counts as one test. */
export async function runProofs({ root, ids, signal, onOutput }: Request): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'oo-proofs-'))
  const path = join(folder, 'proofs.json')
  const args = [withoutMaglev, join(root, 'e2e', 'proofs', 'main.ts'), '--json', path, ...ids]
  try {
    const result = await runCommand(process.execPath, args, {
      cwd: root,
      withinMs,
      onOutput,
      signal,
      graceMs,
    })
    const totals = existsSync(path) ? totalsOf(readFileSync(path, 'utf8')) : none
    const failed = result.code !== 0 ? Math.max(1, totals.failed) : totals.failed
    return { ...totals, failed, stories: failed > 0 ? [result.output] : [] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const none: Totals = { passed: 0, failed: 0, skipped: 0 }

/** What e2e/proofs/main.ts wrote; what could not run here is skipped, never passed. */
function totalsOf(text: string): Totals {
  const { sum }: { sum: { passed: number; failed: number; notRun: number } } = JSON.parse(text)
  return { passed: sum.passed, failed: sum.failed, skipped: sum.notRun }
}
