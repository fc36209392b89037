// One throwaway database server for tests, as a process: it prints where it is and ends when its stdin closes,
// so that it cannot outlive the tests, however they end.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from './migrate.ts'
import { withClient } from './postgres/roles.ts'
import { startPostgres } from './postgres/startPostgres.ts'
import { reportFailure } from './refusal.ts'
import { root } from './root.ts'

const template = 'oo_template'

async function main(): Promise<number> {
  const asked = new Promise<void>(resolve => {
    process.stdin.resume().once('end', resolve).once('error', resolve)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, resolve)
  })
  const dataDir = mkdtempSync(join(tmpdir(), 'oo-test-'))
  try {
    const postgres = await startPostgres({ dataDir, throwaway: true })
    try {
      await withClient(postgres.superUrl, client =>
        client.query(`create database ${template} owner oo_owner`),
      )
      await migrate(root, postgres.url('oo_owner', template), AbortSignal.timeout(120_000))
      const { socketDir, passwords } = postgres
      process.stdout.write(`${JSON.stringify({ socketDir, passwords, template })}\n`)
      await Promise.race([asked, postgres.exited])
    } finally {
      await postgres.stop()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
  return 0
}

process.exitCode = await main().catch(reportFailure)
process.exit()
