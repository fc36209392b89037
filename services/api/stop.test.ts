import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createTestDatabase, freePort, startChild, waitUntilReady } from '@oo/local'

// The api as a process of its own, asked to stop while requests are under way.
const folder = mkdtempSync(join(tmpdir(), 'oo-stop-'))
const withinMs = 20_000
let database: Awaited<ReturnType<typeof createTestDatabase>>
let port: number
let api: ReturnType<typeof startChild>
const stops: (() => unknown)[] = []

before(async () => {
  database = await createTestDatabase()
  stops.push(() => database.drop())
  port = await freePort()
  const plan = {
    name: 'api',
    command: process.execPath,
    args: [join(import.meta.dirname, 'main.ts')],
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env.PATH,
      OO_API_PORT: String(port),
      OO_SECRET: randomBytes(32).toString('hex'),
      OO_KEK_1: randomBytes(32).toString('base64'),
      OO_KEK_ACTIVE: '1',
      ML_SHARED_SECRET: randomBytes(32).toString('hex'),
      DATABASE_URL: database.url('oo_api'),
    },
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
    readyWithinMs: withinMs,
    after: [],
  }
  const log = join(folder, 'api.log')
  api = startChild(plan, log)
  stops.push(() => api.stop())
  await waitUntilReady(plan, api, log, AbortSignal.timeout(withinMs))
})
after(async () => {
  for (const stop of stops.toReversed()) await stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Begun {
  finish(): Promise<IncomingMessage>
}

/** A request of which only the first half has been sent. */
async function begin(agent: Agent): Promise<Begun> {
  const body = JSON.stringify({ token: 'x'.repeat(40) })
  const request = httpRequest({
    agent,
    port,
    path: '/api/auth/token',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  })
  const answered = once(request, 'response', { signal: AbortSignal.timeout(withinMs) })
  answered.catch(() => {})
  const [socket] = await once(request, 'socket')
  if (socket.connecting) await once(socket, 'connect')
  await new Promise(resolve => request.write(body.slice(0, 5), resolve))
  return {
    async finish() {
      request.end(body.slice(5))
      const [answer] = await answered
      answer.resume()
      return answer
    },
  }
}

/** Whether a new connection is answered. */
const isTaken = (): Promise<boolean> =>
  new Promise(resolve => {
    httpRequest({ port, path: '/health', agent: false }, answer => {
      answer.resume()
      resolve(true)
    })
      .once('error', () => resolve(false))
      .end()
  })

test('asked to stop, it refuses new connections, answers what is under way and ends in time with 0', async () => {
  const agent = new Agent({ keepAlive: true })
  stops.push(() => agent.destroy())
  const begun = await Promise.all(Array.from({ length: 8 }, () => begin(agent)))
  // Connections are taken in turn: the api has them all once it answers one that came after.
  assert.ok(await isTaken())
  const from = performance.now()
  process.kill(api.identity.pid, 'SIGTERM')
  while (await isTaken()) {
    assert.ok(performance.now() - from < 2_000, 'it went on taking connections')
    await delay(20)
  }
  for (const { finish } of begun) {
    const answer = await finish()
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.headers.connection, 'close')
  }
  assert.equal(await api.exited, 'ended with code 0')
  assert.ok(performance.now() - from < 4_500, `it took ${performance.now() - from} ms`)
})
