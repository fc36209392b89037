import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Child,
  createTestDatabase,
  freePort,
  type ProcessPlan,
  startChild,
  waitUntilReady,
} from '@oo/local'
import { demoClient, demoTodoistApp, type Sandbox, startSandbox } from '@oo/sandbox'
import { openBrowser, type Person } from './testBrowser.ts'

// Two real processes from the same main.ts, told apart by their settings only; the suites that run in both
// topologies are wholeLoop and races.
const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'oo-extraction-'))

interface Process {
  url: string
  start(): Promise<void>
  kill(): Promise<void>
}

let database: Awaited<ReturnType<typeof createTestDatabase>>
let sandbox: Sandbox
let edge: Process
let recommender: Process
let person: Person
before(async () => {
  database = await createTestDatabase()
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  sandbox = await startSandbox({ auto: true, origins: [origin] })
  const common = {
    PATH: process.env.PATH,
    OO_LOG_LEVEL: 'warn',
    OO_SECRET: randomBytes(32).toString('hex'),
    OO_KEK_1: randomBytes(32).toString('base64'),
    OO_KEK_ACTIVE: '1',
    OO_BACKUP_DIR: join(folder, 'backups'),
    DATABASE_URL: database.url('oo_api'),
    ML_URL: `http://127.0.0.1:${await freePort()}`,
    ML_SHARED_SECRET: randomBytes(32).toString('hex'),
    OIDC_DEMO_ISSUER: sandbox.issuer,
    OIDC_DEMO_CLIENT_ID: demoClient.id,
    OIDC_DEMO_CLIENT_SECRET: demoClient.secret,
    TODOIST_BASE_URL: `${sandbox.url}/todoist`,
    TODOIST_CLIENT_ID: demoTodoistApp.clientId,
    TODOIST_CLIENT_SECRET: demoTodoistApp.clientSecret,
  }
  recommender = processOf('recommender', await freePort(), { ...common, OO_MODULES: 'recommender' })
  edge = processOf('edge', port, { ...common, OO_REMOTE_RECOMMENDER: recommender.url })
  await Promise.all([recommender.start(), edge.start()])
  person = openBrowser(origin, async (method, path, { headers, body }) => {
    const answer = await fetch(edge.url + path, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body) }),
    })
    const raw = Buffer.from(await answer.arrayBuffer())
    const setCookies = answer.headers.getSetCookie()
    return { status: answer.status, headers: Object.fromEntries(answer.headers), raw, setCookies }
  })
})
after(async () => {
  await Promise.all([edge.kill(), recommender.kill()])
  await sandbox.stop()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

function processOf(name: string, port: number, env: ProcessPlan['env']): Process {
  const url = `http://127.0.0.1:${port}`
  const plan: ProcessPlan = {
    name,
    command: process.execPath,
    args: [join(root, 'services/api/main.ts')],
    cwd: root,
    env: { ...env, OO_API_PORT: String(port) },
    readyUrl: `${url}/health/ready`,
    readyWithinMs: 30_000,
    after: [],
  }
  const log = join(folder, `${name}.log`)
  let child: Child | undefined
  return {
    url,
    async start() {
      child = startChild(plan, log)
      await waitUntilReady(plan, child, log, AbortSignal.timeout(plan.readyWithinMs))
    },
    async kill() {
      if (child) process.kill(-child.identity.pid, 'SIGKILL')
      await child?.exited
      child = undefined
    },
  }
}

const partsAt = async (url: string): Promise<Record<string, string>> => {
  const { parts } = (await (await fetch(`${url}/health/ready`)).json()) as {
    parts: { name: string; status: string }[]
  }
  return Object.fromEntries(parts.map(({ name, status }) => [name, status]))
}

test('a person signs in here and is answered by the process that decides', async () => {
  await person.visit('/api/auth/login/demo?login_hint=apart@example.test')
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const { status, body } = await person.send('POST', '/api/recommend')
  assert.equal(status, 200)
  const tip = body.tip as { id: string; policy: string }
  assert.equal(tip.policy, 'fallback', 'it looked for ml itself')
  const reaction = await person.send('POST', '/api/feedback', { tipId: tip.id, reaction: 'helpful' })
  assert.equal(reaction.status, 200)
  assert.deepEqual(Object.keys(await partsAt(recommender.url)).toSorted(), [
    'database',
    'jobs',
    'judge',
    'ml',
  ])
  assert.ok('ml' in (await partsAt(edge.url)), 'health is told where people look for it')
  const direct = await fetch(`${recommender.url}/api/recommend`, { method: 'POST' })
  assert.equal(direct.status, 404, 'nobody gets past the edge')
})

test('its death is felt by tips alone, and it comes back by itself', async () => {
  await recommender.kill()
  const refused = await person.send('POST', '/api/recommend')
  assert.equal(refused.status, 503)
  assert.equal(refused.body.code, 'part_away')
  assert.equal(refused.headers['retry-after'], '1')
  assert.equal((await person.get('/api/profile')).status, 200)
  assert.equal((await partsAt(edge.url)).ml, 'down')
  await recommender.start()
  assert.equal((await person.send('POST', '/api/recommend')).status, 200)
})

test('an account is erased in both processes, also when one was away as it was asked for', async () => {
  await recommender.kill()
  const gone = await person.send('DELETE', '/api/profile', { confirm: 'delete' })
  assert.equal(gone.status, 202)
  await recommender.start()
  const deadline = AbortSignal.timeout(20_000)
  for (let state = ''; state !== 'done'; ) {
    deadline.throwIfAborted()
    state = String((await person.get(`/api/receipts/${gone.body.receiptId}`)).body.state)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const { body } = await person.get(`/api/receipts/${gone.body.receiptId}`)
  const steps = body.steps as { name: string; rows: number }[]
  assert.ok((steps.find(({ name }) => name === 'recommender')?.rows ?? 0) > 0, JSON.stringify(body))
})
