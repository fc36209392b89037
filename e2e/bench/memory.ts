// How much memory processes really take: PSS, in which what several share counts once, by named process with all its
// descendants. Linux only.
import { readdirSync, readFileSync } from 'node:fs'

/** Megabytes of each named process; a descendant counts for its nearest named ancestor. */
export function readMemory(pids: Readonly<Record<string, number>>): Record<string, number> {
  if (process.platform !== 'linux') throw new Error('The memory of processes is only known on Linux.')
  const names = new Map(Object.entries(pids).map(([name, pid]) => [pid, name]))
  const parents = new Map(readdirSync('/proc').filter(isPid).map(parentOf))
  const sums: Record<string, number> = {}
  for (const pid of parents.keys()) {
    const name = nearest(pid, names, parents)
    if (name) sums[name] = (sums[name] ?? 0) + pssMb(pid)
  }
  return sums
}

const isPid = (entry: string): boolean => /^\d+$/.test(entry)

function nearest(of: number, names: Map<number, string>, parents: Map<number, number>): string | undefined {
  for (let pid: number | undefined = of; pid; pid = parents.get(pid)) {
    const name = names.get(pid)
    if (name) return name
  }
  return undefined
}

function parentOf(entry: string): [number, number] {
  const stat = textOf(`/proc/${entry}/stat`)
  return [Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)]
}

const pssMb = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1_024

/** Empty for one that ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
