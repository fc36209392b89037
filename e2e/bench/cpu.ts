// What one request costs each process: CPU time, not waiting. Linux only; elsewhere nothing is printed.
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** CPU seconds of a process, with the children it waited for. */
function cpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0, ofChildren = 0, systemOfChildren = 0] = fields.slice(11, 15).map(Number)
  return (user + system + ofChildren + systemOfChildren) / ticksPerSecond
}

const parentOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])

function statOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
}

/** CPU seconds so far of each named process and of its children: a Postgres server is one child per connection. */
export function readCpu(pids: Readonly<Record<string, number>>): Map<string, number> {
  const seconds = new Map<string, number>()
  if (process.platform !== 'linux') return seconds
  const names = new Map(Object.entries(pids).map(([name, pid]) => [pid, name]))
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : undefined
    const name = stat && (names.get(Number(entry)) ?? names.get(parentOf(stat)))
    if (stat && name) seconds.set(name, (seconds.get(name) ?? 0) + cpuSeconds(stat))
  }
  return seconds
}

/** Microseconds of CPU per request between two readings. */
export function cpuPerRequest(
  before: Map<string, number>,
  after: Map<string, number>,
  requests: number,
): Record<string, number> {
  const spent = [...after].map(([name, seconds]) => {
    const us = ((seconds - (before.get(name) ?? 0)) * 1e6) / requests
    return [name, Math.round(us)] as const
  })
  return Object.fromEntries(spent)
}
