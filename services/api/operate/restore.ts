// A backup into an empty database: its schema, its rows, the migrations since; then who was erased meanwhile is
// erased again. Until the last step a mark in the database keeps everything else from using it.
import {
  type BackupHead,
  BackupRefused,
  beginRestoring,
  endRestoring,
  fillDatabase,
  type Keyring,
  keyFingerprint,
  knownMigrations,
  openBackup,
  verifyBackup,
} from '@oo/kernel'
import { bringToThisVersion, folders, onClient } from './schema.ts'

export interface Restoring {
  ownerUrl: string
  keyring: Keyring
  secret: string | undefined
  /** Where the operator keeps the keys, for messages. */
  secretsFile: string
  say: (line: string) => void
  /** The last moment at which nothing has been touched. */
  checkBefore: (head: BackupHead) => Promise<void>
  /** Erases again, before anyone is served; answers how many people that were. */
  eraseAgain: () => Promise<number>
}

export async function restore(file: string, given: Restoring): Promise<void> {
  const { ownerUrl, say, checkBefore, eraseAgain } = given
  const { head } = await verifyBackup(file)
  say(`✓ ${file} is whole: ${head.at}, oO ${head.version}`)
  refuseNewerBackup(file, head)
  refuseMissingKeys(file, head, given)
  refuseAnotherSecret(file, head, given)
  await checkBefore(head)
  await onClient(ownerUrl, client => beginRestoring(client, file))
  const only = new Set(head.migrations.map(({ name }) => name))
  await bringToThisVersion(ownerUrl, { only, restoring: true })
  await onClient(ownerUrl, async client => {
    const reader = await openBackup(file)
    try {
      await fillDatabase(client, reader, { say })
    } finally {
      reader.close()
    }
  })
  const since = await bringToThisVersion(ownerUrl, { restoring: true })
  if (since.length > 0) say(`✓ migrations since then: ${since.length}`)
  const erased = await eraseAgain()
  say(`✓ erased again: ${erased} ${erased === 1 ? 'person' : 'people'} who asked for it after the backup`)
  await onClient(ownerUrl, endRestoring)
}

function refuseNewerBackup(file: string, { migrations, version }: BackupHead): void {
  const known = new Map(knownMigrations(folders).map(({ name, hash }) => [name, hash]))
  for (const { name, hash } of migrations) {
    if (known.get(name) === hash) continue
    const why = known.has(name) ? `with another ${name}` : `by a newer oO (it has ${name})`
    throw new BackupRefused(`${file} was made ${why}: restore it with oO ${version} or a newer one.`)
  }
}

function refuseMissingKeys(file: string, { keys }: BackupHead, { keyring, secretsFile }: Restoring): void {
  for (const { id, fingerprint } of keys) {
    const key = keyring.keys.get(id)
    if (!key)
      throw new BackupRefused(
        `OO_KEK_${id} is missing: ${file} holds what it sealed; put it back into ${secretsFile} and try again.`,
      )
    if (fingerprint && fingerprint !== keyFingerprint(key))
      throw new BackupRefused(
        `OO_KEK_${id} is another key than the one ${file} was sealed with: put the old one back into ${secretsFile} and try again.`,
      )
  }
}

/** People are found by their e-mail with it: with another one, everybody would come back as a stranger. */
function refuseAnotherSecret(file: string, head: BackupHead, { secret, secretsFile }: Restoring): void {
  if (secret && head.secret && head.secret !== keyFingerprint(Buffer.from(secret)))
    throw new BackupRefused(
      `OO_SECRET is another one than people in ${file} are found by: put the old one back into ${secretsFile} and try again.`,
    )
}
