import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from './refusal.ts'

/** A process id alone is reused; with the moment it began it names one process for ever. */
export type ProcessIdentity = { pid: number; startedAt: string }

/** Who runs under this pid now; null when nobody does or only a zombie is left. */
export function identify(pid: number): ProcessIdentity | null {
  if (!Number.isInteger(pid) || pid <= 0) return null
  return process.platform === 'linux' ? identifyFromProc(pid) : identifyFromPs(pid)
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt
}

/** This very process. */
export function self(): ProcessIdentity {
  const identity = identify(process.pid)
  if (!identity) throw new Error('this process cannot see itself in the process table')
  return identity
}

/** Waits until the process is gone; false when it still runs after the time. */
export async function waitUntilGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false
    await delay(20)
  }
  return true
}

/** Sends a signal to a process group (negative pid) or a process; a target that is gone is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

function identifyFromProc(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name may hold spaces and brackets, so fields are counted from its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return { pid, startedAt: `${boot}/${fields[19]}` }
  } catch {
    return null
  }
}

function identifyFromPs(pid: number): ProcessIdentity | null {
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 5000 })
  const match = /^(\S+)\s+(.+)$/.exec((ps.stdout ?? '').trim())
  if (!match || match[1]?.startsWith('Z')) return null
  return { pid, startedAt: match[2] ?? '' }
}
