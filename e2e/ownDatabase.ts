// A PostgreSQL of one instance's own, migrated, that may be killed and started again on its data.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Postgres, startPostgres } from '@oo/local'

const root = join(import.meta.dirname, '..')

/** Killed and started only when it is of its own. */
export interface InstanceDatabase {
  url: Postgres['url']
  kill(): Promise<void>
  start(): Promise<void>
}

/** A server whose socket stays where it is over a restart, so that the api finds it again. */
export async function ownDatabase(options: {
  dataDir: string
  throwaway: boolean
}): Promise<InstanceDatabase & { stop(): Promise<void> }> {
  let server = await startPostgres(options)
  const env = { PATH: process.env.PATH, OO_OWNER_DATABASE_URL: server.url('oo_owner') }
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
      process.kill(server.pid, 'SIGKILL')
      await server.exited
    },
    async start() {
      await server.stop()
      server = await startPostgres(options)
    },
    stop: () => server.stop(),
  }
}
