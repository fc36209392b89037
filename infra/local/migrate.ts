import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from './keyFingerprints.ts'
import { Refusal } from './refusal.ts'
import { runCommand } from './runCommand.ts'

const migrateWithinMs = 30 * 60_000
/** Lines for the person at the terminal; the names of the applied files are not among them. */
const worthSaying = /^[…✓!]/

export interface Migrating {
  /** Where the backup before an upgrade lies, and the keys whose fingerprints go into it. */
  env?: Env
  say?: (line: string) => void
}

/** Brings a database to the newest schema, as `oo_owner`; one that has been used is backed up first. */
export async function migrate(
  root: string,
  ownerUrl: string,
  signal: AbortSignal,
  { env = process.env, say = () => {} }: Migrating = {},
): Promise<void> {
  const entry = join(root, 'services', 'api', 'migrate.ts')
  if (!existsSync(entry)) return
  const result = await runCommand(process.execPath, [entry], {
    cwd: root,
    withinMs: migrateWithinMs,
    env: { ...env, OO_OWNER_DATABASE_URL: ownerUrl },
    signal,
    onOutput: text => {
      for (const line of text.split('\n')) if (worthSaying.test(line)) say(`  ${line}`)
    },
  })
  if (result.code !== 0) {
    const why = result.timedOut ? 'it took more than half an hour' : lastSentences(result.output)
    throw new Refusal(`The database could not be brought to this version: ${why}`)
  }
}

const lastSentences = (output: string): string =>
  output
    .trimEnd()
    .split('\n')
    .filter(line => !worthSaying.test(line))
    .join('\n')
    .slice(-3000)
