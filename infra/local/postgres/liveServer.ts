import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { identify, isAlive, type ProcessIdentity } from '../processIdentity.ts'
import { Refusal } from '../refusal.ts'
import { type Passwords, socketUrl, superuser, withClient } from './roles.ts'

const answersWithinMs = 20_000

/** The server that runs on this cluster, trusted only when its process lives there and a connection works. */
export async function findLiveServer(
  cluster: string,
  passwords: Passwords,
): Promise<{ identity: ProcessIdentity; socketDir: string } | null> {
  const found = readPidFile(cluster)
  const identity = found && identify(found.pid)
  if (!found || !identity || !runsIn(identity.pid, cluster)) return null
  const url = socketUrl(found.socketDir, superuser, passwords.postgres, 'postgres')
  const deadline = Date.now() + answersWithinMs
  while (isAlive(identity)) {
    const answered = await withClient(url, client => client.query('select 1')).then(
      () => true,
      () => false,
    )
    if (answered) return { identity, socketDir: found.socketDir }
    if (Date.now() > deadline) {
      throw new Refusal(
        `The database on ${cluster} runs as process ${identity.pid} but does not answer: stop it, then start again.`,
      )
    }
    await delay(50)
  }
  return null
}

/** Sockets with too long a path live in a folder of their own in the temporary folder. */
export const shortFolderPrefix = join(tmpdir(), 'oo-pg-')

export function removeShortFolder(socketDir: string): void {
  if (socketDir.startsWith(shortFolderPrefix)) rmSync(socketDir, { recursive: true, force: true })
}

/** Removes the lock files of a server that is gone: its number may belong to a stranger or a zombie by now. */
export function forgetDeadServer(cluster: string): void {
  const found = readPidFile(cluster)
  if (found && identify(found.pid) && runsIn(found.pid, cluster)) return
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) {
    if (found?.socketDir) rmSync(join(found.socketDir, name), { force: true })
  }
  if (found) removeShortFolder(found.socketDir)
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
}

function readPidFile(cluster: string): { pid: number; socketDir: string } | null {
  const path = join(cluster, 'postmaster.pid')
  if (!existsSync(path)) return null
  const lines = readFileSync(path, 'utf8').split('\n')
  return { pid: Number(lines[0]), socketDir: lines[4] ?? '' }
}

/** A server's working folder is its cluster; where that cannot be read, the connection test decides alone. */
function runsIn(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
  } catch {
    return false
  }
}
