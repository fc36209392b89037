import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Backup, type Keyring, keyFingerprint, writeBackup } from '@oo/kernel'
import { version } from '../version.ts'

interface Where {
  ownerUrl: string
  keyring: Keyring | null
  /** OO_SECRET, where it is at hand. */
  secret: string | undefined
  notes?: Record<string, number>
  say: (line: string) => void
}

export async function backup(
  file: string,
  { ownerUrl, keyring, secret, notes = {}, say }: Where,
): Promise<Backup> {
  // Loaded when it is needed: every start asks for migrations, few of them for a backup.
  const { portable } = await import('@oo/events')
  const keys = [...(keyring?.keys ?? [])].map(([id, key]) => [id, keyFingerprint(key)])
  return writeBackup(ownerUrl, {
    file,
    version,
    portable,
    fingerprints: Object.fromEntries(keys),
    secret: secret ? keyFingerprint(Buffer.from(secret)) : null,
    notes,
    say,
  })
}

const prefix = 'before-upgrade-'
const ending = '.oo-backup'
const kept = 5

/** A backup with a name of its own in a folder that keeps the last five of them. */
export async function backupBeforeUpgrade(folder: string, where: Where): Promise<string> {
  const moment = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const file = join(folder, `${prefix}${moment}${ending}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await backup(file, where)
  const old = readdirSync(folder).filter(name => name.startsWith(prefix) && name.endsWith(ending))
  for (const name of old.sort().slice(0, -kept)) rmSync(join(folder, name), { force: true })
  return file
}
