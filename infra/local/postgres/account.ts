import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { Refusal } from '../refusal.ts'

/** The user that runs the server. `switched` carries the ids when we are root and must become someone else. */
export type Account = { uid: number; gid: number; switched: { uid: number; gid: number } | undefined }

/** PostgreSQL refuses root: root becomes the folder's owner, or `nobody` for a new folder. */
export function databaseAccount(existingDir: string | null): Account {
  const me = process.getuid?.() ?? -1
  const myGroup = process.getgid?.() ?? -1
  const owner = existingDir === null ? null : statSync(existingDir)
  if (me !== 0) {
    if (owner && owner.uid !== me) {
      throw new Refusal(
        `${existingDir} belongs to user ${owner.uid}, this is user ${me}: start oO as that user, or set OO_DATA_DIR to another folder.`,
      )
    }
    return { uid: me, gid: myGroup, switched: undefined }
  }
  const ids = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : nobody()
  return { ...ids, switched: ids }
}

/** Whether the account can enter a folder, that is: search it and everything above it. */
export function canEnter(account: Account, dir: string): boolean {
  const result = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -r .', 'sh', dir], {
    cwd: '/',
    timeout: 5000,
    stdio: 'ignore',
    ...account.switched,
  })
  return result.status === 0
}

function nobody(): { uid: number; gid: number } {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === 'nobody' && uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Refusal(
    'This machine has no user "nobody" to run the database as: start oO as an ordinary user instead of root.',
  )
}
