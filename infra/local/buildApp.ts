import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from './refusal.ts'
import { runCommand } from './runCommand.ts'

const buildWithinMs = 10 * 60_000
const sharedSources = ['packages/ui', 'packages/sdk-js', 'packages/shared-types']
const notSources = ['**/node_modules', '**/.next', '**/*.test.ts', '**/*.tsbuildinfo', '**/next-env.d.ts']

/** Builds a Next app unless the last build was made from these very sources. */
export async function buildApp(root: string, app: string, signal: AbortSignal): Promise<void> {
  const folder = join(root, 'apps', app)
  const stamp = join(folder, '.next', 'oo-sources')
  const hash = hashSources(root, [join('apps', app), ...sharedSources])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  rmSync(stamp, { force: true })
  const result = await runCommand(
    process.execPath,
    [join(root, 'node_modules/next/dist/bin/next'), 'build'],
    {
      cwd: folder,
      withinMs: buildWithinMs,
      signal,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    },
  )
  if (result.code !== 0) {
    throw new Refusal(
      `apps/${app} could not be built${result.timedOut ? ' in time' : ''}:\n${result.output.trimEnd().slice(-3000)}`,
    )
  }
  writeFileSync(stamp, hash)
}

function hashSources(root: string, folders: string[]): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const folder of folders) {
    for (const path of globSync('**/*', { cwd: join(root, folder), exclude: notSources }).toSorted()) {
      const full = join(root, folder, path)
      if (statSync(full).isFile()) hash.update(`${folder}/${path}\0`).update(readFileSync(full))
    }
  }
  return hash.digest('hex')
}
