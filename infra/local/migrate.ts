import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from './refusal.ts'
import { runCommand } from './runCommand.ts'

const migrateWithinMs = 10 * 60_000

/** Brings a database to the newest schema, as `oo_owner`. */
export async function migrate(root: string, ownerUrl: string, signal: AbortSignal): Promise<void> {
  const entry = join(root, 'services', 'api', 'migrate.ts')
  if (!existsSync(entry)) return
  const env = { ...process.env, OO_OWNER_DATABASE_URL: ownerUrl }
  const result = await runCommand(process.execPath, [entry], {
    cwd: root,
    withinMs: migrateWithinMs,
    env,
    signal,
  })
  if (result.code !== 0) {
    const why = result.timedOut ? 'it took more than ten minutes' : result.output.trimEnd().slice(-3000)
    throw new Refusal(`The database could not be brought to this version: ${why}`)
  }
}
