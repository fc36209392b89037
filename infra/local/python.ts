import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from './refusal.ts'
import { type CommandResult, runCommand } from './runCommand.ts'

/** `serving` runs the scorer; `dev` holds all of it and the tools that test it. */
export type PythonGroup = 'serving' | 'dev'
type Installed = Partial<Record<PythonGroup, string>>

const candidates = ['python3.13', 'python3.12', 'python3.11', 'python3']
const installWithinMs = 15 * 60_000
const quickMs = 60_000
const quiet = ['--disable-pip-version-check', '--no-input']

/** The Python of `.venv` with what the group's lock names; installs only when that lock changed. */
export async function ensurePython(
  root: string,
  group: PythonGroup,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const venv = join(root, '.venv')
  const python = join(venv, 'bin', 'python')
  const marker = join(venv, 'oo-locks.json')
  const lockHash = hashOf(root, group)
  // The marker comes last: an environment without one was left half-made by a start that was ended.
  const whole = existsSync(python) && existsSync(marker)
  const installed = whole ? readMarker(marker) : {}
  if (installed[group] === lockHash) return python
  if (group === 'serving' && installed.dev !== undefined && installed.dev === hashOf(root, 'dev'))
    return python
  say(`… Python packages of requirements/${group}.txt`)
  if (!whole) {
    await createEnvironment(root, venv, signal)
    writeFileSync(marker, '{}\n')
  }
  await installLock(root, venv, group, { signal })
  writeFileSync(marker, `${JSON.stringify({ ...installed, [group]: lockHash })}\n`)
  return python
}

/** Installs what requirements/<name>.txt names, with its hashes, into an environment that exists. */
export async function installLock(
  root: string,
  venv: string,
  name: string,
  { signal, compile = true }: { signal: AbortSignal; compile?: boolean },
): Promise<void> {
  const python = join(venv, 'bin', 'python')
  const lock = join('requirements', `${name}.txt`)
  const options = { cwd: root, withinMs: installWithinMs, signal }
  const pip = ['-m', 'pip', ...quiet, 'install', ...(compile ? [] : ['--no-compile'])]
  const result = (await hasUv(root))
    ? await runCommand('uv', ['pip', 'install', '--python', python, '--require-hashes', '-r', lock], options)
    : await runCommand(python, [...pip, '--require-hashes', '-r', lock], options)
  if (result.code !== 0) {
    throw new Refusal(
      `The Python packages of ${lock} could not be installed; check network and disk. The end of the log:\n${tail(result)}`,
    )
  }
}

export async function createEnvironment(root: string, venv: string, signal: AbortSignal): Promise<void> {
  const uv = await hasUv(root)
  const python = await findPython(root)
  rmSync(venv, { recursive: true, force: true })
  const options = { cwd: root, withinMs: quickMs, signal }
  const result = uv
    ? await runCommand('uv', ['venv', '--python', python, venv], options)
    : await runCommand(python, ['-m', 'venv', venv], options)
  if (result.code === 0) return
  rmSync(venv, { recursive: true, force: true })
  const missing = result.output.includes('ensurepip')
  throw new Refusal(
    missing
      ? 'Python cannot make environments here: install its venv package (Debian and Ubuntu: apt-get install python3-venv), or uv.'
      : `The Python environment could not be made in ${venv}:\n${tail(result)}`,
  )
}

async function findPython(root: string): Promise<string> {
  for (const name of candidates) {
    if (await works(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'], root)) return name
  }
  throw new Refusal('oO needs Python 3.11 or newer and found none on the PATH: install it and start again.')
}

const hasUv = (root: string) => works('uv', ['--version'], root)

async function works(command: string, args: string[], cwd: string): Promise<boolean> {
  const result = await runCommand(command, args, { cwd, withinMs: quickMs }).catch(() => null)
  return result?.code === 0
}

/** What a lock holds, as one short name; undefined where there is no such lock. */
export function hashOf(root: string, name: string): string | undefined {
  const path = join(root, 'requirements', `${name}.txt`)
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : undefined
}

function readMarker(path: string): Installed {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}

function tail(result: CommandResult): string {
  return result.output.trimEnd().split('\n').slice(-8).join('\n')
}
