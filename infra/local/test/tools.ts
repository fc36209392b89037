import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Refusal } from '../refusal.ts'
import { runCommand } from '../runCommand.ts'

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const installWithinMs = 10 * 60_000

/** The first of these programs on the PATH. */
export function findOnPath(names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
}

export function findChromium(): string | undefined {
  return findOnPath(chromiumNames)
}

/** Chromium from the PATH, else from the distribution where we may install it; browser tests cannot do without. */
export async function ensureChromium(say: (line: string) => void): Promise<string> {
  const path = findChromium() ?? ((await aptInstall('chromium', say)) ? findChromium() : undefined)
  if (path) return path
  throw new Refusal(
    'The browser tests need Chromium on the PATH: install the package chromium, then run npm test again.',
  )
}

async function aptInstall(name: string, say: (line: string) => void): Promise<boolean> {
  if (process.getuid?.() !== 0 || !findOnPath(['apt-get'])) return false
  say(`… ${name}: installing it with apt-get`)
  const options = {
    cwd: '/',
    withinMs: installWithinMs,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  await runCommand('apt-get', ['update', '-q'], options)
  const result = await runCommand(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', name],
    options,
  )
  if (result.code !== 0)
    say(`! apt-get could not install ${name}: ${result.output.trimEnd().split('\n').at(-1)}`)
  return result.code === 0
}
