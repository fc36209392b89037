// A whole instance for one test file: a database of its own, the sandbox, a real ml where it is asked for, and the
// api composed as in production. The clock stands still, so jobs that wait are run by hand.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { frozenClock, type Log, silentLog } from '@oo/kernel'
import { createTestDatabase, freePort, startChild, type TestDatabase, waitUntilReady } from '@oo/local'
import { demoClient, demoGoogleApp, demoTodoistApp, startSandbox } from '@oo/sandbox'
import pg from 'pg'
import { type Api, composeApi } from './compose.ts'
import type { Env } from './env.ts'
import { allInOne, readRoles } from './roles.ts'
import { openBrowser, type Person } from './testBrowser.ts'

export type { Answered, Person } from './testBrowser.ts'

const root = join(import.meta.dirname, '../..')
export const origin = 'http://127.0.0.1:3000'

interface Options {
  ml?: boolean
  /** The share of moments that ml leaves to chance; none unless a test is about them. */
  holdback?: number
  /** The recommender behind HTTP, composed as its own process is; else everything in one. */
  apart?: boolean
  settings?: Partial<Env>
  /** Where `settings` have to name it; else any. */
  sandboxPort?: number
  /** Else nobody hears what the api logs. */
  log?: Log
  /** Somebody else's, who drops it. */
  database?: TestDatabase
}

export async function startInstance(options: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'oo-instance-'))
  const database = options.database ?? (await createTestDatabase())
  const sandbox = await startSandbox({ auto: true, origins: [origin], port: options.sandboxPort ?? 0 })
  const clock = frozenClock(new Date())
  const mlSecret = randomBytes(32).toString('hex')
  const mlPort = await freePort()
  const startScorer = () => startMl(mlPort, mlSecret, database.url('oo_ml'), folder, options.holdback)
  let ml = options.ml ? await startScorer() : undefined

  const env: Env = {
    bind: '127.0.0.1',
    port: 0,
    databaseUrl: database.url('oo_api'),
    origins: [origin],
    trustedProxies: [],
    secret: randomBytes(32).toString('hex'),
    keyring: { active: '1', keys: new Map([['1', randomBytes(32)]]) },
    ml: { url: `http://127.0.0.1:${mlPort}`, secret: mlSecret, timeoutMs: 1_000 },
    natsUrl: undefined,
    eventRetentionDays: 30,
    providers: [
      {
        id: 'demo',
        name: 'the demo',
        issuer: sandbox.issuer,
        clientId: demoClient.id,
        clientSecret: demoClient.secret,
        allowHttp: true,
      },
    ],
    todoist: { ...demoTodoistApp, baseUrl: `${sandbox.url}/todoist` },
    caldavInnerHosts: [],
    lookEveryMs: 600_000,
    googleCalendar: { ...demoGoogleApp, baseUrl: `${sandbox.url}/google`, lookEveryMs: 600_000 },
    defaultReward: 0,
    mostOfAKind: 0.75,
    adminToken: undefined,
    adminSeedEmail: undefined,
    logLevel: 'silent',
    roles: allInOne,
    tracesUrl: undefined,
    backupDir: join(folder, 'backups'),
    ...options.settings,
  }
  const held = { log: options.log ?? silentLog, clock }
  const host = options.apart ? await composeApi({ ...env, roles: readRoles(apartHere) }, held) : undefined
  await host?.start()
  const roles = host ? readRoles({ OO_REMOTE_RECOMMENDER: addressOf(host) }) : env.roles
  const api = await composeApi({ ...env, roles }, held)
  await api.start()
  const processes = host ? [host, api] : [api]

  const browserOf = ({ app }: Api) =>
    openBrowser(origin, async (method, path, { headers, body }) => {
      const url = path
      const answer = await app.inject({ method, url, headers, ...(body && { payload: body }) })
      const setCookies = [answer.headers['set-cookie'] ?? []].flat()
      return { status: answer.statusCode, headers: answer.headers, raw: answer.rawPayload, setCookies }
    })

  const stranger = () => browserOf(api)

  return {
    api,
    /** A second copy of the whole api over the same database. */
    async another() {
      const copy = await composeApi({ ...env, roles: allInOne }, held)
      await copy.start()
      processes.push(copy)
      return { api: copy, stranger: () => browserOf(copy) }
    },
    /** The process that decides. */
    recommender: host ?? api,
    clock,
    database,
    sandbox,
    /** The scorer: down and up again at the same address, and asked directly as only the api may. */
    ml: {
      stop: async () => void (await ml?.stop()),
      async start() {
        ml = await startScorer()
      },
      async ask(path: string, body: object): Promise<Record<string, unknown>> {
        const answer = await fetch(`${env.ml.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-oo-secret': mlSecret },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(5_000),
        })
        assert.ok(answer.ok, `ml answered ${answer.status} to ${path}`)
        return answer.json() as Promise<Record<string, unknown>>
      },
    },
    stranger,
    async signIn(email: string): Promise<Person> {
      const person = stranger()
      await person.visit(`/api/auth/login/demo?login_hint=${encodeURIComponent(email)}`)
      assert.ok(person.sid(), `${email} could not sign in`)
      return person
    },
    async control(method: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>> {
      const answer = await fetch(`${sandbox.url}/control/${path}`, {
        method,
        ...(method === 'POST' && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body ?? {}),
        }),
        signal: AbortSignal.timeout(5_000),
      })
      assert.ok(answer.ok, `control ${path} answered ${answer.status}`)
      return answer.json() as Promise<Record<string, unknown>>
    },
    /** Runs a waiting job now, as its worker will when its time has come. */
    async runJob(name: string, data: Record<string, string>): Promise<void> {
      const jobs = processes.flatMap(({ modules }) => modules.flatMap(module => module.jobs ?? []))
      const job = jobs.find(candidate => candidate.name === name)
      assert.ok(job, `there is no job ${name}`)
      await job.run(data, AbortSignal.timeout(10_000))
    },
    /** Looks into the database, as nobody else may. */
    async query(text: string, values: unknown[] = []) {
      const client = new pg.Client({ connectionString: database.superUrl })
      await client.connect()
      try {
        return await client.query<Record<string, unknown>>(text, values)
      } finally {
        await client.end()
      }
    },
    async stop(): Promise<void> {
      for (const process of processes.toReversed()) await process.stop()
      await ml?.stop()
      await sandbox.stop()
      if (!options.database) await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const apartHere = { OO_MODULES: 'recommender' }

function addressOf({ app }: Api): string {
  const address = app.server.address()
  assert.ok(address && typeof address === 'object')
  return `http://127.0.0.1:${address.port}`
}

export async function startMl(
  port: number,
  secret: string,
  databaseUrl: string,
  folder: string,
  holdback = 0,
) {
  const plan = {
    name: 'ml',
    command: join(root, '.venv/bin/python'),
    args: ['-m', 'ml.serving'],
    cwd: root,
    env: {
      PATH: process.env.PATH,
      OO_ML_PORT: String(port),
      ML_SHARED_SECRET: secret,
      OO_ML_HOLDBACK: String(holdback),
      OO_ML_DATABASE_URL: databaseUrl,
    },
    readyUrl: `http://127.0.0.1:${port}/health`,
    readyWithinMs: 20_000,
    after: [],
  }
  const log = join(folder, 'ml.log')
  const child = startChild(plan, log)
  await waitUntilReady(plan, child, log, AbortSignal.timeout(20_000))
  return child
}
