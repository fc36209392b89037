// `npm run proofs`: runs the proofs, prints the table, writes JSON; exit 1 on a miss or a control that noticed nothing.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { allProofs } from './allProofs.ts'
import { readArgs, WrongUse } from './args.ts'
import { runProofs } from './runProofs.ts'
import { formatTable } from './table.ts'
import { sumOf, type ToldRow, verdictOf } from './verdict.ts'

/** The short forms wait more than they work; the figures of the full ones are taken alone. */
const shortAtOnce = 2

async function main(): Promise<number> {
  const { wanted, full, json } = readArgs(
    process.argv.slice(2),
    allProofs.map(proof => proof.id),
  )
  const stopping = new AbortController()
  const stop = () => stopping.abort(new Error('The proofs were stopped.'))
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  const folder = mkdtempSync(join(tmpdir(), 'oo-proofs-'))
  // Where we are root, the database runs as another user, who must reach its folder.
  chmodSync(folder, 0o755)
  try {
    const proofs = allProofs.filter(proof => wanted.includes(proof.id))
    const atOnce = full ? 1 : shortAtOnce
    const rows = await runProofs(proofs, { full, signal: stopping.signal, folder, atOnce })
    report(rows, { full, json })
    if (stopping.signal.aborted) console.error('The proofs were stopped before their end.')
    return stopping.signal.aborted || sumOf(rows).failed > 0 ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(rows: ToldRow[], { full, json }: { full: boolean; json: string | undefined }): void {
  const sum = sumOf(rows)
  console.log(`\n${formatTable(rows)}\n`)
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.notRun} not run`)
  if (!full) console.log('The short form: the counts of the promises are run by --full.')
  if (json === undefined) return
  const machine = { cores: availableParallelism(), platform: process.platform, node: process.version }
  const told = rows.map(row => ({ ...row, verdict: verdictOf(row) }))
  const written = { at: new Date().toISOString(), machine, full, sum, rows: told }
  writeFileSync(json, `${JSON.stringify(written, null, 2)}\n`)
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  return error instanceof WrongUse ? 2 : 1
})
process.exit()
