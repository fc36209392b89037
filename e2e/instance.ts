// A real instance for one test file: database, sandbox, ml, api and web, each a process of its own on a free port
// (the sandbox lives in this one; its faults are set through /control). Whatever it started ends with the file.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, freePort } from '@oo/local'
import { demoClient, demoGoogleApp, demoTodoistApp, type Sandbox, startSandbox } from '@oo/sandbox'
import { type InstanceDatabase, ownDatabase } from './ownDatabase.ts'
import { createPart, type Part } from './part.ts'

const root = join(import.meta.dirname, '..')
const node = process.execPath

/** What the provider knows of a task, as far as tests ask. */
export interface SandboxTask {
  id: string
  content: string
  due: { is_recurring: boolean } | null
  checked: boolean
}

export interface Instance {
  /** The web app's address. */
  url: string
  apiUrl: string
  mlUrl: string
  sandboxUrl: string
  /** The console's address; nothing listens there while the console is not built. */
  adminUrl: string
  adminToken: string
  api: Part
  ml: Part
  web: Part
  admin: Part
  postgres: InstanceDatabase
  /** The api once more, on its own port with some settings changed; the first one must be stopped before. */
  apiWith(settings: Record<string, string>): Part
  control<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T>
  tasks(email: string): Promise<SandboxTask[]>
  stop(): Promise<void>
}

export interface Wishes {
  /** A consent page asks, as a real provider's does; else it approves at once. */
  asks?: boolean
  /** A PostgreSQL of its own, to be killed: it keeps what it acknowledged, as a person's. */
  ownDatabase?: boolean
  /** Instead of that, this one. */
  database?: InstanceDatabase
  /** Without pages, the api's address is the public one. */
  web?: false
  admin?: boolean
  /** Where the sandbox sends its webhooks. Default: to the api. */
  webhookTarget?: string
  /** Which policy decides; default: ml's own. Where a story needs one certain tip, a rule is better than a belief. */
  policy?: string
  /** Where web, api and ml send their traces. */
  tracesUrl?: string
  /** More settings of the api, made when everything else has its address. */
  apiSettings?: (at: { ml: string; sandbox: string }) => Promise<Record<string, string>>
}

export async function startInstance(wishes: Wishes = {}): Promise<Instance> {
  const folder = mkdtempSync(join(tmpdir(), 'oo-e2e-'))
  const undo: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step()
  }
  try {
    return await compose(wishes, { folder, undo, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

interface House {
  folder: string
  undo: (() => Promise<void> | void)[]
  stop: () => Promise<void>
}

async function compose(wishes: Wishes, { folder, undo, stop }: House): Promise<Instance> {
  const [apiPort, mlPort, webPort, adminPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ])
  const at = (port: number) => `http://127.0.0.1:${port}`
  const publicUrl = wishes.web === false ? at(apiPort) : at(webPort)
  const origins = [publicUrl, at(adminPort)]
  const database = wishes.database ?? (await databaseFor(wishes, folder, undo))
  const sandbox = await startSandbox({
    auto: !wishes.asks,
    origins,
    webhookTarget: wishes.webhookTarget ?? `${at(apiPort)}/api/webhooks/todoist`,
  })
  undo.push(() => sandbox.stop())

  const mlSecret = randomBytes(32).toString('hex')
  const adminToken = randomBytes(24).toString('hex')
  const tracing = wishes.tracesUrl ? { OTEL_EXPORTER_OTLP_ENDPOINT: wishes.tracesUrl } : {}
  const common = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    OO_DEMO: '1',
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
    ...tracing,
  }
  const pages = { ...common, OO_API_URL: at(apiPort), NEXT_TELEMETRY_DISABLED: '1' }
  const page = (name: 'web' | 'admin', port: number) =>
    createPart(folder, {
      name,
      command: node,
      args: ['server.mjs'],
      cwd: join(root, 'apps', name),
      env: { ...pages, [name === 'web' ? 'OO_WEB_PORT' : 'OO_ADMIN_PORT']: String(port) },
      readyUrl: `${at(port)}/sign-in`,
      readyWithinMs: 30_000,
      after: [],
    })
  const ml = createPart(folder, {
    name: 'ml',
    command: join(root, '.venv/bin/python'),
    args: ['-m', 'ml.serving'],
    cwd: root,
    env: {
      PATH: process.env.PATH,
      OO_ML_PORT: String(mlPort),
      ML_SHARED_SECRET: mlSecret,
      OO_ML_HOLDBACK: '0',
      ...(wishes.policy && { OO_ML_POLICY: wishes.policy }),
      OO_ML_DATABASE_URL: database.url('oo_ml'),
      ...tracing,
    },
    readyUrl: `${at(mlPort)}/health`,
    readyWithinMs: 30_000,
    after: [],
  })
  const settings = {
    ...common,
    ...providers(sandbox),
    OO_API_PORT: String(apiPort),
    OO_LOG_LEVEL: 'warn',
    OO_PUBLIC_URL: publicUrl,
    OO_ADMIN_URL: at(adminPort),
    OO_SECRET: randomBytes(32).toString('hex'),
    OO_KEK_1: randomBytes(32).toString('base64'),
    OO_KEK_ACTIVE: '1',
    OO_BACKUP_DIR: join(folder, 'backups'),
    ADMIN_TOKEN: adminToken,
    DATABASE_URL: database.url('oo_api'),
    ML_URL: at(mlPort),
    ML_SHARED_SECRET: mlSecret,
    ...(await wishes.apiSettings?.({ ml: at(mlPort), sandbox: sandbox.url })),
  }
  const apiWith = (more: Record<string, string>) => {
    const part = createPart(folder, {
      name: 'api',
      command: node,
      args: [join(root, 'services/api/main.ts')],
      cwd: root,
      env: { ...settings, ...more },
      readyUrl: `${at(apiPort)}/health/ready`,
      readyWithinMs: 30_000,
      after: [],
    })
    undo.push(() => part.stop())
    return part
  }
  const api = apiWith({})
  const [web, admin] = [page('web', webPort), page('admin', adminPort)]
  const parts = [ml, api, ...(wishes.web === false ? [] : [web]), ...(wishes.admin ? [admin] : [])]
  undo.push(async () => void (await Promise.all(parts.map(part => part.stop()))))
  assert.ok(
    wishes.web === false || existsSync(join(root, 'apps/web/.next/BUILD_ID')),
    'apps/web is not built: run this file with `npm test -- browser <file>`, which builds it',
  )
  await Promise.all(parts.map(part => part.start()))

  const control = async <T>(method: 'GET' | 'POST', path: string, body: object = {}): Promise<T> => {
    const answer = await fetch(`${sandbox.url}/control/${path}`, {
      method,
      ...(method === 'POST' && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      signal: AbortSignal.timeout(5_000),
    })
    const told = await answer.json()
    assert.ok(answer.ok, `control ${path} answered ${answer.status}: ${JSON.stringify(told)}`)
    return told
  }
  return {
    url: publicUrl,
    apiUrl: at(apiPort),
    mlUrl: at(mlPort),
    sandboxUrl: sandbox.url,
    adminUrl: at(adminPort),
    adminToken,
    api,
    apiWith,
    ml,
    web,
    admin,
    postgres: database,
    control,
    tasks: async email =>
      (await control<{ tasks: SandboxTask[] }>('GET', `todoist/${encodeURIComponent(email)}/tasks`)).tasks,
    stop,
  }
}

const providers = (sandbox: Sandbox) => ({
  OIDC_DEMO_ISSUER: sandbox.issuer,
  OIDC_DEMO_CLIENT_ID: demoClient.id,
  OIDC_DEMO_CLIENT_SECRET: demoClient.secret,
  TODOIST_BASE_URL: `${sandbox.url}/todoist`,
  TODOIST_CLIENT_ID: demoTodoistApp.clientId,
  TODOIST_CLIENT_SECRET: demoTodoistApp.clientSecret,
  GOOGLE_CALENDAR_BASE_URL: `${sandbox.url}/google`,
  GOOGLE_CALENDAR_CLIENT_ID: demoGoogleApp.clientId,
  GOOGLE_CALENDAR_CLIENT_SECRET: demoGoogleApp.clientSecret,
})

async function databaseFor({ ownDatabase: own }: Wishes, folder: string, undo: House['undo']) {
  if (!own) return sharedDatabase(undo)
  await chmod(folder, 0o755)
  const database = await ownDatabase({ dataDir: join(folder, 'data') })
  undo.push(() => database.stop())
  return database
}

async function sharedDatabase(undo: House['undo']): Promise<InstanceDatabase> {
  const database = await createTestDatabase()
  undo.push(() => database.drop())
  const refuse = () => Promise.reject(new Error('ask for a database of its own to kill it'))
  return { url: role => database.url(role), kill: refuse, start: refuse }
}
