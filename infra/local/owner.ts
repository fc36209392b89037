import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, type ProcessIdentity, self } from './processIdentity.ts'
import { errorCode, errorText, Refusal } from './refusal.ts'

/** Holds a data folder; released once, by the process that holds it. */
export type Ownership = { release(): void }

const attempts = 5

/** Answers the first of the folders it had to make. */
export function prepareFolder(path: string): string | undefined {
  try {
    return mkdirSync(path, { recursive: true })
  } catch (error) {
    const why = errorCode(error) === 'EACCES' ? 'this user may not write there' : errorText(error)
    throw new Refusal(`${path} cannot be made (${why}): set OO_DATA_DIR to a folder of yours.`)
  }
}

/** Makes this process the only owner of a data folder, or refuses while another one lives. Claiming twice is fine. */
export function claim(dataDir: string): Ownership {
  const path = join(dataDir, 'owner.json')
  const me = self()
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (createExclusively(path, me)) return { release: () => releaseOwn(path, me) }
    const owner = readIdentity(path)
    if (owner && isSame(owner, me)) return { release: () => {} }
    if (owner && isAlive(owner)) {
      throw new Refusal(
        `${dataDir} is in use by the oO that runs as process ${owner.pid}: stop that one, or set OO_DATA_DIR to another folder.`,
      )
    }
    removeStale(path, me)
  }
  throw new Refusal(`${path} keeps changing hands: wait until the other start has finished, then try again.`)
}

/** Removal happens under a second exclusive file, so that two starters cannot remove each other's fresh claim. */
function removeStale(path: string, me: ProcessIdentity): void {
  const gate = `${path}.takeover`
  const holder = readIdentity(gate)
  if (holder && !isAlive(holder)) rmSync(gate, { force: true })
  if (!createExclusively(gate, me)) return
  try {
    const owner = readIdentity(path)
    if (!owner || !isAlive(owner)) rmSync(path, { force: true })
  } finally {
    rmSync(gate, { force: true })
  }
}

/** Linking a finished file is atomic: nobody ever reads half of it. */
function createExclusively(path: string, identity: ProcessIdentity): boolean {
  const draft = `${path}.${identity.pid}`
  writeFileSync(draft, `${JSON.stringify(identity)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function releaseOwn(path: string, me: ProcessIdentity): void {
  const owner = readIdentity(path)
  if (owner && isSame(owner, me)) rmSync(path, { force: true })
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startedAt === b.startedAt
}

function readIdentity(path: string): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value))
      return null
    const { pid, startedAt } = value
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : null
  } catch {
    return null
  }
}
