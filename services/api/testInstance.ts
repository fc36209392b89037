// A whole instance for one test file: a database of its own, the sandbox, a real ml where it is asked for, and the
// api composed as in production. The clock stands still, so jobs that wait are run by hand.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { frozenClock, silentLog } from '@oo/kernel'
import { createTestDatabase, freePort, startChild, waitUntilReady } from '@oo/local'
import { demoClient, demoTodoistApp, startSandbox } from '@oo/sandbox'
import { composeApi } from './compose.ts'
import type { Env } from './env.ts'

const root = join(import.meta.dirname, '../..')
export const origin = 'http://127.0.0.1:3000'

export interface Answered {
  status: number
  body: Record<string, unknown>
  raw: Buffer
  headers: Record<string, unknown>
}

export interface Person {
  get(path: string): Promise<Answered>
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answered>
  /** Follows redirects between the api and the sandbox as a browser would; answers where it ended. */
  visit(path: string): Promise<string>
  sid(): string | undefined
}

export async function startInstance(options: { ml?: boolean; settings?: Partial<Env> } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'oo-instance-'))
  const database = await createTestDatabase()
  const sandbox = await startSandbox({ auto: true, origins: [origin] })
  const clock = frozenClock(new Date())
  const mlSecret = randomBytes(32).toString('hex')
  const mlPort = await freePort()
  const ml = options.ml ? await startMl(mlPort, mlSecret, database.url('oo_ml'), folder) : undefined

  const env: Env = {
    bind: '127.0.0.1',
    port: 0,
    databaseUrl: database.url('oo_api'),
    origins: [origin],
    secret: randomBytes(32).toString('hex'),
    keyring: { active: '1', keys: new Map([['1', randomBytes(32)]]) },
    ml: { url: `http://127.0.0.1:${mlPort}`, secret: mlSecret, timeoutMs: 1_000 },
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
    adminToken: undefined,
    adminSeedEmail: undefined,
    logLevel: 'silent',
    ...options.settings,
  }
  const api = await composeApi(env, { log: silentLog, clock })
  await api.start()

  const inject = async (
    method: string,
    path: string,
    cookies: Map<string, string>,
    body?: object,
  ): Promise<Answered> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await api.app.inject({
      method: method as 'GET',
      url: path,
      headers: { host: new URL(origin).host, origin, ...(cookie && { cookie }) },
      ...(body && { payload: body }),
    })
    keepCookies(cookies, answer.headers['set-cookie'])
    const json = String(answer.headers['content-type']).includes('json')
    return {
      status: answer.statusCode,
      body: json ? answer.json() : {},
      raw: answer.rawPayload,
      headers: answer.headers,
    }
  }

  const stranger = (): Person => {
    const cookies = new Map<string, string>()
    const elsewhere = new Map<string, string>()
    return {
      get: path => inject('GET', path, cookies),
      send: (method, path, body) => inject(method, path, cookies, body),
      sid: () => cookies.get('sid'),
      async visit(path) {
        let at = new URL(path, origin)
        for (let hop = 0; hop < 20; hop++) {
          const to = at.href.startsWith(origin) ? await ours(at) : await theirs(at)
          if (to === null) return at.href
          at = new URL(to, at)
        }
        throw new Error('too many redirects')
      },
    }

    async function ours(at: URL): Promise<string | null> {
      if (!at.pathname.startsWith('/api/')) return null
      const answer = await inject('GET', at.pathname + at.search, cookies)
      return answer.status === 302 ? String(answer.headers.location) : null
    }
    async function theirs(at: URL): Promise<string | null> {
      const cookie = [...elsewhere].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await fetch(at, {
        redirect: 'manual',
        headers: { cookie },
        signal: AbortSignal.timeout(5_000),
      })
      await answer.arrayBuffer()
      keepCookies(elsewhere, answer.headers.getSetCookie())
      return answer.headers.get('location')
    }
  }

  return {
    api,
    clock,
    database,
    sandbox,
    ml,
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
      const job = api.modules.flatMap(module => module.jobs ?? []).find(candidate => candidate.name === name)
      assert.ok(job, `there is no job ${name}`)
      await job.run(data, AbortSignal.timeout(10_000))
    },
    async stop(): Promise<void> {
      await api.stop()
      await ml?.stop()
      await sandbox.stop()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startMl(port: number, secret: string, databaseUrl: string, folder: string) {
  const plan = {
    name: 'ml',
    command: join(root, '.venv/bin/python'),
    args: ['-m', 'ml.serving'],
    cwd: root,
    env: {
      PATH: process.env.PATH,
      OO_ML_PORT: String(port),
      ML_SHARED_SECRET: secret,
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

function keepCookies(jar: Map<string, string>, header: string | string[] | undefined): void {
  for (const line of [header ?? []].flat()) {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    const value = pair.slice(at + 1)
    if (value === '' || /max-age=0\b/i.test(line)) jar.delete(pair.slice(0, at))
    else jar.set(pair.slice(0, at), value)
  }
}
