// A real instance for one run, each part a process of its own as on a person's machine: the embedded PostgreSQL with
// fsync on in a scratch folder, the sandbox as provider, ml, and the api alone on its port.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, startPostgres } from '@oo/local'
import { demoClient, demoTodoistApp } from '@oo/sandbox'
import pg from 'pg'
import { python } from './peers/start.ts'
import { type Processes, root } from './processes.ts'

const migrateWithinMs = 120_000

export interface Instance {
  url: string
  sandboxUrl: string
  /** As the owner of every table: prepares rows and counts them, never a part of what is measured. */
  owner: pg.Client
  pids: Record<'api' | 'ml' | 'postgres' | 'sandbox', number>
}

export async function startInstance(processes: Processes, signal: AbortSignal): Promise<Instance> {
  const opening = startPostgres({ dataDir: join(processes.folder, 'data') })
  const postgres = await processes.open(opening, opened => opened.stop())
  await migrate(postgres.url('oo_owner'), signal)
  const owner = new pg.Client({ connectionString: postgres.url('oo_owner'), statement_timeout: 60_000 })
  owner.on('error', () => {})
  await owner.connect()
  processes.keep(() => owner.end())

  const apiPort = await freePort()
  const api = `http://127.0.0.1:${apiPort}`
  const mlSecret = randomBytes(32).toString('hex')
  const mode = { NODE_ENV: 'production', OO_DEMO: '1', OO_PUBLIC_URL: api, OO_ADMIN_URL: api }

  const sandbox = await processes.start({
    name: 'sandbox',
    command: process.execPath,
    args: () => [join(root, 'packages/sandbox/main.ts')],
    env: port => ({
      ...mode,
      OO_SANDBOX_PORT: String(port),
      OO_SANDBOX_AUTO: '1',
      OO_API_PORT: String(apiPort),
    }),
    readyPath: '/health',
  })
  const ml = await processes.start({
    name: 'ml',
    command: python(),
    args: () => ['-m', 'ml.serving'],
    env: port => ({
      OO_ML_PORT: String(port),
      ML_SHARED_SECRET: mlSecret,
      OO_ML_DATABASE_URL: postgres.url('oo_ml'),
    }),
    readyPath: '/health',
  })
  const started = await processes.start({
    name: 'api',
    port: apiPort,
    command: process.execPath,
    args: () => [join(root, 'services/api/main.ts')],
    env: port => ({
      ...mode,
      OO_API_PORT: String(port),
      OO_LOG_LEVEL: 'warn',
      DATABASE_URL: postgres.url('oo_api'),
      ML_URL: ml.url,
      ML_SHARED_SECRET: mlSecret,
      OO_SECRET: randomBytes(32).toString('hex'),
      OO_KEK_1: randomBytes(32).toString('base64'),
      OO_KEK_ACTIVE: '1',
      OO_BACKUP_DIR: join(processes.folder, 'backups'),
      OIDC_DEMO_ISSUER: `${sandbox.url}/oidc`,
      OIDC_DEMO_CLIENT_ID: demoClient.id,
      OIDC_DEMO_CLIENT_SECRET: demoClient.secret,
      TODOIST_BASE_URL: `${sandbox.url}/todoist`,
      TODOIST_CLIENT_ID: demoTodoistApp.clientId,
      TODOIST_CLIENT_SECRET: demoTodoistApp.clientSecret,
    }),
    readyPath: '/health/ready',
  })
  const pids = { api: started.pid, ml: ml.pid, postgres: postgres.pid, sandbox: sandbox.pid }
  return { url: started.url, sandboxUrl: sandbox.url, owner, pids }
}

export async function migrate(ownerUrl: string, signal: AbortSignal): Promise<void> {
  const env = { PATH: process.env.PATH, OO_OWNER_DATABASE_URL: ownerUrl }
  const options = { cwd: root, timeout: migrateWithinMs, env, signal }
  await promisify(execFile)(process.execPath, [join(root, 'services/api/migrate.ts')], options)
}
