import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stopGroup } from './child.ts'
import { isAlive, type ProcessIdentity } from './processIdentity.ts'

type Recorded = ProcessIdentity & { name: string }

/** The processes of this run on disk, so that the next start can end what a killed supervisor left behind. */
export type RunRecord = { add(name: string, identity: ProcessIdentity): void; clear(): void }

export function openRunRecord(dataDir: string): RunRecord {
  const path = join(dataDir, 'run.json')
  const recorded: Recorded[] = []
  return {
    add(name, identity) {
      recorded.push({ name, ...identity })
      writeFileSync(`${path}.new`, JSON.stringify(recorded), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
    clear: () => rmSync(path, { force: true }),
  }
}

/** Ends what is left of the run before this one; returns the names of what still lived. */
export async function endLeftovers(dataDir: string): Promise<string[]> {
  const left = readRecorded(join(dataDir, 'run.json')).filter(isAlive)
  await Promise.all(left.map(stopGroup))
  return left.map(process => process.name)
}

function readRecorded(path: string): Recorded[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return Array.isArray(value) ? value.filter(isRecorded) : []
  } catch {
    return []
  }
}

function isRecorded(value: unknown): value is Recorded {
  if (typeof value !== 'object' || value === null) return false
  return 'name' in value && 'pid' in value && 'startedAt' in value
}
