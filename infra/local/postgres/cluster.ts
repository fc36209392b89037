import { execFile } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Refusal } from '../refusal.ts'
import { type Account, canEnter } from './account.ts'
import { createPasswords, superuser } from './roles.ts'

/** What lies where inside oO's data folder. */
export type Places = {
  dataDir: string
  cluster: string
  passwords: string
  marker: string
  /** There while a restore has made a database that does not hold its backup yet. */
  restoring: string
  log: string
}

const run = promisify(execFile)
const firstRunNeedsBytes = 200e6

export function placesIn(dataDir: string): Places {
  return {
    dataDir,
    cluster: join(dataDir, 'postgres'),
    passwords: join(dataDir, 'database-passwords.json'),
    marker: join(dataDir, 'instance.json'),
    restoring: join(dataDir, 'restoring.json'),
    log: join(dataDir, 'logs', 'postgres.log'),
  }
}

/** Where `-D` points: a folder that the account cannot reach by its path is reached as the current folder. */
export function reachableCluster(account: Account, cluster: string): string {
  if (canEnter(account, cluster)) return cluster
  if (process.platform === 'linux' && existsSync('/proc/self/cwd')) return '/proc/self/cwd'
  throw new Refusal(
    `The database runs as user ${account.uid}, who cannot enter ${cluster}: set OO_DATA_DIR to a folder that every user can enter.`,
  )
}

/** Creates the cluster beside its final place and moves it there whole; an instance that lost its cluster is refused. */
export async function createCluster(
  places: Places,
  account: Account,
  binaries: string,
  durable: boolean,
): Promise<void> {
  if (existsSync(places.marker)) {
    throw new Refusal(
      `${places.cluster} is missing although oO was set up in ${places.dataDir}: put the folder back from a backup, or delete ${places.marker} to begin with an empty database.`,
    )
  }
  const disk = statfsSync(places.dataDir)
  if (disk.bavail * disk.bsize < firstRunNeedsBytes) {
    throw new Refusal(
      `Less than ${firstRunNeedsBytes / 1e6} MB are free in ${places.dataDir}: make room and start again.`,
    )
  }
  for (const name of readdirSync(places.dataDir)) {
    if (name.startsWith('postgres.new-')) rmSync(join(places.dataDir, name), { recursive: true, force: true })
  }
  const draft = `${places.cluster}.new-${process.pid}`
  mkdirSync(draft, { mode: 0o700 })
  if (account.switched) chownSync(draft, account.uid, account.gid)
  await runInitdb(draft, account, binaries, createPasswords(places.passwords).postgres, durable)
  renameSync(draft, places.cluster)
  writeFileSync(places.marker, `${JSON.stringify({ createdAt: new Date().toISOString() })}\n`, {
    mode: 0o600,
    flush: true,
  })
}

/** Beside everything else: whoever waits for another database in this process must still be served. */
async function runInitdb(
  dir: string,
  account: Account,
  binaries: string,
  password: string,
  durable: boolean,
): Promise<void> {
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const safety = ['--auth-local=scram-sha-256', '--auth-host=reject', '--data-checksums']
  const secret = mkdtempSync(join(tmpdir(), 'oo-pw-'))
  const passwordFile = join(secret, 'password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account.switched) for (const path of [secret, passwordFile]) chownSync(path, account.uid, account.gid)
  const args = [
    ...locale,
    ...safety,
    '-U',
    superuser,
    `--pwfile=${passwordFile}`,
    '-D',
    reachableCluster(account, dir),
  ]
  try {
    await run(join(binaries, 'bin', 'initdb'), durable ? args : [...args, '--no-sync'], {
      cwd: dir,
      env: { LC_ALL: 'C', PATH: process.env.PATH ?? '' },
      timeout: 60_000,
      ...account.switched,
    })
  } catch (error) {
    rmSync(dir, { recursive: true, force: true })
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    const reason = stderr.split('\n').slice(-3).join(' ') || String(error)
    throw new Refusal(`The database could not be created in ${dir}: ${reason}`)
  } finally {
    rmSync(secret, { recursive: true, force: true })
  }
}

/** Where what belongs to a lost database is put aside. */
export const beforeRestore = (path: string): string => `${path}.before-restore`

/** Before a restore makes a database where there is none: from here on nothing else starts on this folder. */
export function beginAnew(places: Places): void {
  if (existsSync(places.cluster)) return
  mkdirSync(places.dataDir, { recursive: true })
  writeFileSync(places.restoring, `${JSON.stringify({ begunAt: new Date().toISOString() })}\n`, {
    flush: true,
  })
  // They belong to the lost database, which may still be found.
  if (existsSync(places.passwords)) renameSync(places.passwords, beforeRestore(places.passwords))
  rmSync(places.marker, { force: true })
}

export function refuseHalfRestored(places: Places): void {
  if (!existsSync(places.restoring)) return
  throw new Refusal(
    `A restore into ${places.dataDir} did not finish: run npm run oo -- restore FILE again, or delete ${places.cluster} and ${places.restoring} to begin with an empty database.`,
  )
}
