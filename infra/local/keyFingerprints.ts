import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Env = Record<string, string | undefined>

export const masterKeyName = /^OO_KEK_(?!ACTIVE$)[A-Za-z0-9]+$/
const fileName = 'key-fingerprints.json'

/** By it people are found by their e-mail: with another one, everybody is a stranger. */
export const secretName = 'OO_SECRET'

/** A short name for each master key and for the secret, to notice when another one took its place. */
export function keyFingerprints(env: Env): Record<string, string> {
  const kept = (name: string) => masterKeyName.test(name) || name === secretName
  const keys = Object.entries(env).filter(([name, value]) => kept(name) && value)
  return Object.fromEntries(
    keys.map(([name, value]) => [
      name,
      createHash('sha256').update(String(value)).digest('hex').slice(0, 16),
    ]),
  )
}

export function readFingerprints(dataDir: string): Record<string, string> {
  const path = join(dataDir, fileName)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** Remembers which keys the data of this folder was opened with. */
export function writeFingerprints(dataDir: string, env: Env): void {
  writeFileSync(join(dataDir, fileName), JSON.stringify(keyFingerprints(env)), { mode: 0o600 })
}
