// A PostgreSQL of one instance's own, migrated, that may be killed and started again on its data.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Postgres, startPostgres } from '@oo/local'
import pg from 'pg'

const answersWithinMs = 3_000
const root = join(import.meta.dirname, '..')

/** Killed and started only when it is of its own. */
export interface InstanceDatabase {
  url: Postgres['url']
  kill(): Promise<void>
  start(): Promise<void>
}

export interface OwnDatabase extends InstanceDatabase {
  /** `throwaway`: from now on it acknowledges what it does not keep. */
  start(changed?: { throwaway: boolean }): Promise<void>
  /** Whether it takes connections now. */
  answers(): Promise<boolean>
  stop(): Promise<void>
}

/** It keeps what it acknowledged, and its socket stays where it is over a restart, so that the api finds it again. */
export async function ownDatabase(options: { dataDir: string }): Promise<OwnDatabase> {
  let server = await startPostgres(options)
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
    OO_OWNER_DATABASE_URL: server.url('oo_owner'),
  }
  try {
    await promisify(execFile)(process.execPath, [join(root, 'services/api/migrate.ts')], {
      cwd: root,
      timeout: 120_000,
      env,
    })
  } catch (error) {
    await server.stop()
    throw error
  }
  return {
    url: (role, name) => server.url(role, name),
    async kill() {
      await killWhole(server.pid)
      await server.exited
    },
    async start(changed) {
      await server.stop()
      server = await startPostgres({ ...options, ...changed })
    },
    async answers() {
      const client = new pg.Client({
        connectionString: server.url('oo_owner'),
        connectionTimeoutMillis: answersWithinMs,
      })
      client.on('error', () => {})
      return client.connect().then(
        () => client.end().then(() => true),
        () => false,
      )
    },
    stop: () => server.stop(),
  }
}

/** As a container or a power cut ends it: the server with every process it forked, and none of them notices. */
async function killWhole(pid: number): Promise<void> {
  send(pid, 'SIGSTOP')
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  for (const child of [...children.trim().split(' ').map(Number), pid]) send(child, 'SIGKILL')
}

/** One that is gone already is fine. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 1) process.kill(pid, signal)
  } catch {
    // It ended by itself.
  }
}
