// A real CalDAV server for tests: Radicale from its Python package, in an environment of its own (requirements/caldav.txt).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild, waitUntilReady } from '../child.ts'
import { guardOf } from '../guard.ts'
import { pinnedEnvironment } from '../pinnedEnvironment.ts'
import { freePort } from '../ports.ts'
import { root as repository } from '../root.ts'

export interface Radicale {
  /** `http://127.0.0.1:port` */
  url: string
  /** Where it keeps what it stores: a folder per person, in it a folder per list, in it a file per task. */
  collections: string
  /** From now on only these are let in. */
  letIn(users: Record<string, string>): void
  stop(): Promise<void>
}

const installWithinMs = 5 * 60_000
const readyWithinMs = 20_000
const tries = 3

/** The Python environment that holds Radicale, installed once. */
export const ensureRadicale = (
  say: (line: string) => void = () => {},
  signal: AbortSignal = AbortSignal.timeout(installWithinMs),
): Promise<string> => pinnedEnvironment({ root: repository, name: 'caldav', say, signal })

/** On loopback, in a folder of its own; it ends with this process, however that ends. `users`: passwords by name. */
export async function startRadicale({ users }: { users: Record<string, string> }): Promise<Radicale> {
  const python = join(await ensureRadicale(), 'bin', 'python')
  const folder = mkdtempSync(join(tmpdir(), 'oo-radicale-'))
  const collections = join(folder, 'collections')
  mkdirSync(collections)
  const letIn = (people: Record<string, string>) => {
    const lines = Object.entries(people).map(([name, password]) => `${name}:${password}\n`)
    writeFileSync(join(folder, 'users'), lines.join(''), { mode: 0o600 })
  }
  letIn(users)
  const log = join(folder, 'radicale.log')
  for (let left = tries; ; left--) {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const config = join(folder, 'radicale.conf')
    writeFileSync(config, configOf(port, { folder, collections }))
    const plan = {
      name: 'radicale',
      command: python,
      args: ['-m', 'radicale', '--config', config],
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, TZ: 'UTC' },
      readyUrl: `${url}/.web/`,
      readyWithinMs,
      after: [],
    }
    const child = startChild(plan, log)
    try {
      await waitUntilReady(plan, child, log, AbortSignal.timeout(readyWithinMs))
    } catch (error) {
      await child.stop()
      if (left > 1) continue
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
    const guard = guardOf(child.identity)
    return {
      url,
      collections: join(collections, 'collection-root'),
      letIn,
      async stop() {
        await child.stop()
        guard.kill('SIGKILL')
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
}

// `delay`: it would otherwise make whoever names a wrong password wait, which is no matter of ours.
const configOf = (port: number, { folder, collections }: { folder: string; collections: string }) => `[server]
hosts = 127.0.0.1:${port}
[auth]
type = htpasswd
htpasswd_filename = ${join(folder, 'users')}
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = ${collections}
[web]
type = internal
[logging]
level = warning
`
