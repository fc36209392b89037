// Brings a database to this version; one that has been used is backed up first.
import { backupDirOf, EnvError, keyringOf } from './env.ts'
import { backupBeforeUpgrade } from './operate/backup.ts'
import { unsafeSetting } from './operate/durable.ts'
import { bringToThisVersion, onClient } from './operate/schema.ts'

const ownerUrl = process.env.OO_OWNER_DATABASE_URL
if (!ownerUrl) {
  console.error('OO_OWNER_DATABASE_URL is missing: name the database as its owner, the role oo_owner.')
  process.exit(1)
}
const owner: string = ownerUrl
const folder = backupDirOf(process.env)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function save(): Promise<void> {
  if (process.env.OO_SKIP_BACKUP === '1') return say('! upgrading without a backup (OO_SKIP_BACKUP=1)')
  say('… backup before the upgrade')
  try {
    say(
      `✓ backup ${await backupBeforeUpgrade(folder, { ownerUrl: owner, keyring: keysAtHand(), secret: process.env.OO_SECRET, say })}`,
    )
  } catch (error) {
    throw new Error(
      `The backup before the upgrade failed, so nothing was changed: ${sentence(error)} Make room in ${folder} or set OO_BACKUP_DIR; OO_SKIP_BACKUP=1 upgrades without one.`,
    )
  }
}

/** A container that only migrates has no master keys; the backup then names them without fingerprints. */
function keysAtHand() {
  try {
    return keyringOf(process.env)
  } catch (error) {
    if (error instanceof EnvError) return null
    throw error
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))

try {
  const unsafe = await onClient(owner, unsafeSetting)
  if (unsafe && process.env.OO_ACCEPT_UNSYNCED_DATABASE !== '1') say(`! ${unsafe}`)
  const applied = await bringToThisVersion(owner, { save })
  say(applied.length === 0 ? 'nothing to migrate' : applied.join('\n'))
} catch (error) {
  console.error(sentence(error))
  process.exit(1)
}
