import { existsSync, readFileSync, statSync } from 'node:fs'

/** How long a log is now; what comes after it is what `logEnd` shows. */
export const loggedSoFar = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

export function logEnd(path: string, from: number): string {
  const lines = linesSince(path, from)
  return lines.length > 0
    ? `${path} ends with:\n${lines.slice(-15).join('\n')}`
    : `nothing was written to ${path}`
}

/** A process that will not start says why in a line or two of plain words; null when it said anything else. */
export function refusalIn(path: string, from: number): string | null {
  const plain = linesSince(path, from).filter(line => !/^(\{|\(node:|\(Use `node)/.test(line))
  const told = plain.length > 0 && plain.length <= 3 && plain.every(line => !/^\s/.test(line))
  return told ? plain.join('\n') : null
}

/** A log that became shorter was begun anew. */
export function linesSince(path: string, from: number): string[] {
  if (!existsSync(path)) return []
  const bytes = readFileSync(path)
  const text = bytes.subarray(from <= bytes.length ? from : 0).toString('utf8')
  return text.split('\n').filter(line => line.trim() !== '')
}
