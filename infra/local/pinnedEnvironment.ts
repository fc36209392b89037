import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createEnvironment, hashOf, installLock } from './python.ts'
import { Refusal } from './refusal.ts'

interface Wanted {
  root: string
  /** Of requirements/<name>.txt; the environment is in .venv-<name>. */
  name: string
  say: (line: string) => void
  signal: AbortSignal
}

/** An environment of its own with what a lock names, made once; another lock makes another. */
export async function pinnedEnvironment({ root, name, say, signal }: Wanted): Promise<string> {
  const lock = hashOf(root, name)
  if (!lock) throw new Refusal(`requirements/${name}.txt is not here`)
  // Named after its lock and moved into place whole: what is there is complete, whoever else installs meanwhile.
  const home = join(root, `.venv-${name}`)
  const folder = join(home, lock.slice(0, 12))
  if (existsSync(folder)) return folder
  say(`… Python packages of requirements/${name}.txt`)
  mkdirSync(home, { recursive: true })
  const making = mkdtempSync(join(home, 'making-'))
  try {
    await createEnvironment(root, making, signal)
    // Most of it is never imported: what is, is compiled then, and the install takes a quarter of the time.
    await installLock(root, making, name, { signal, compile: false })
    if (!existsSync(folder)) renameSync(making, folder)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  return folder
}
