import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import {
  frozenClock,
  type Log,
  type Module,
  openLog,
  Problem,
  problems,
  silentLog,
  systemRandom,
} from '@oo/kernel'
import { openapi } from '@oo/shared-types/openapi'
import { metrics as telemetry } from '@opentelemetry/api'
import type { FastifyInstance } from 'fastify'
import type { Answers } from './answers.ts'
import { createGateway, startMetrics } from './index.ts'

// Handlers that only echo: what is tested here is the edge in front of them.
const person = { sessionId: 's', personId: '0199aaaa-0000-7000-8000-000000000001', role: 'person' } as const
const tokenAdmin = { sessionId: 't', personId: null, role: 'admin' } as const
const actors: Record<string, typeof person | typeof tokenAdmin> = { person, admin: tokenAdmin }
const clock = frozenClock('2026-03-01T10:00:00Z')
const origin = 'http://127.0.0.1:3000'

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const
type Operation = {
  operationId: string
  tags: string[]
  security: Record<string, unknown>[]
  parameters?: { $ref?: string; name?: string }[]
  'x-no-key'?: string
}
const operations = Object.entries<Partial<Record<(typeof methods)[number], Operation>>>(
  openapi.paths,
).flatMap(([path, item]) =>
  methods.flatMap(method => (item[method] ? [{ method, path, ...item[method] }] : [])),
)

let failure: unknown
const echo = async (request: object) => {
  if (failure) throw failure
  return {
    status: 200,
    body: { decisionId: '0199aaaa-0000-7000-8000-000000000002', tip: null, secret: 'not declared', request },
  }
}
const echoing = (ids: string[]): Module<object> => ({
  name: 'echo',
  handlers: Object.fromEntries(ids.map(id => [id, echo])),
})
// No request of these tests carries a key, so none may come here.
const noKeys: Answers = { begin: () => assert.fail('a key where none was sent'), stop() {} }
const mine = operations.map(o => o.operationId).filter(id => id !== 'adminHealth')

const gatewayOf = (modules: Module<object>[], more: { arrivesWithinMs?: number; log?: Log } = {}) =>
  createGateway(
    {
      clock,
      random: systemRandom,
      log: more.log ?? silentLog,
      modules,
      health: [],
      metrics,
      authenticate: async sid => actors[sid ?? ''] ?? null,
      answers: noKeys,
    },
    {
      origins: [origin],
      version: '0',
      ...(more.arrivesWithinMs && { arrivesWithinMs: more.arrivesWithinMs }),
    },
  )

const metrics = startMetrics()
let app: FastifyInstance
before(async () => {
  app = await gatewayOf([echoing(mine)])
})
after(() => app.close())

const post = (
  body: string | object | undefined,
  headers: Record<string, string> = {},
  url = '/api/recommend',
) =>
  app.inject({
    method: 'POST',
    url,
    headers: {
      cookie: 'sid=person',
      origin,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: body }),
  })

test('a missing handler, a handler too many and one that comes twice each stop the start', async () => {
  await assert.rejects(gatewayOf([echoing(mine.slice(1))]), /but no module handles it/)
  await assert.rejects(gatewayOf([echoing([...mine, 'inventAThing'])]), /the contract does not have it/)
  await assert.rejects(gatewayOf([echoing(mine), echoing(['recommend'])]), /Two modules handle recommend/)
})

test('every operation refuses a stranger exactly where its rule says so', async () => {
  for (const { method, path, security, operationId } of operations) {
    const url = `/api${path.replaceAll(/\{\w+\}/g, '0199aaaa-0000-7000-8000-000000000003')}`
    const asked = async (sid?: string) =>
      (await app.inject({ method, url, headers: { origin, ...(sid && { cookie: `sid=${sid}` }) } }))
        .statusCode
    const rule = security.flatMap(Object.keys)[0] ?? 'public'
    assert.equal((await asked()) === 401, rule !== 'public', `${operationId} for a stranger`)
    assert.equal(
      (await asked('admin')) === 403,
      rule === 'person',
      `${operationId} for an admin without a person`,
    )
    assert.equal((await asked('person')) === 403, rule === 'admin', `${operationId} for a person`)
  }
})

test('every operation that changes something takes a key, or says why not', () => {
  const silent = operations.filter(
    ({ method, tags, parameters = [], ...operation }) =>
      method !== 'get' &&
      !tags.includes('auth') &&
      !operation['x-no-key'] &&
      !parameters.some(parameter => parameter.$ref === '#/components/parameters/IdempotencyKey'),
  )
  assert.deepEqual(
    silent.map(({ operationId }) => operationId),
    [],
  )
})

test('a change asked for by another site is refused before anything else', async () => {
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    const refused = await post({}, headers)
    assert.equal(refused.statusCode, 403, JSON.stringify(headers))
    assert.equal(refused.json().code, 'cross_site')
  }
  assert.equal((await post({}, { 'sec-fetch-site': 'same-origin' })).statusCode, 200)
})

test('bad input of every sort gets a problem document with a sentence', async () => {
  const react = '/api/feedback'
  const tipId = '0199aaaa-0000-7000-8000-000000000004'
  const cases: [string, Awaited<ReturnType<typeof post>>, number, RegExp][] = [
    ['unknown field', await post({ tipId, reaction: 'done', sneaky: 1 }, {}, react), 400, /does not fit/],
    ['wrong type', await post({ tipId: 5, reaction: 'done' }, {}, react), 400, /does not fit/],
    ['unknown word', await post({ tipId, reaction: 'explode' }, {}, react), 400, /does not fit/],
    ['no instant', await post({ tipId, reaction: 'done', at: 'yesterday' }, {}, react), 400, /does not fit/],
    ['missing body', await post(undefined, {}, react), 400, /needs a JSON body/],
    ['broken JSON', await post('{"tipId":', {}, react), 400, /not valid JSON/],
    ['prototype', await post('{"__proto__":{"x":1}}', {}, react), 400, /not valid JSON/],
    [
      'not JSON',
      await post('tipId=1', { 'content-type': 'application/x-www-form-urlencoded' }, react),
      415,
      /Send JSON/,
    ],
    ['oversized', await post({ pad: 'x'.repeat(70_000) }, {}, react), 413, /too large/],
    ['not an id', await post({}, {}, '/api/tips/7/shown'), 400, /does not fit/],
    ['empty key', await post({}, { 'idempotency-key': '' }), 400, /does not fit/],
    ['long key', await post({}, { 'idempotency-key': 'x'.repeat(256) }), 400, /does not fit/],
    ['key of two words', await post({}, { 'idempotency-key': 'a b' }), 400, /does not fit/],
    ['nowhere', await post({}, {}, '/api/nowhere'), 404, /nothing here/],
  ]
  for (const [name, answer, status, title] of cases) {
    assert.equal(answer.statusCode, status, name)
    assert.match(String(answer.headers['content-type']), /application\/problem\+json/, name)
    const problem = answer.json()
    assert.match(problem.title, title, name)
    assert.equal(problem.requestId, answer.headers['x-request-id'], name)
  }
})

test('only JSON is read: a body of another kind cannot pass by the contract', async () => {
  for (const type of [
    'text/plain',
    'text/plain; charset=utf-8',
    'application/merge-patch+json',
    'text/html',
    // Answers of the contract have these types, bodies never.
    'application/problem+json',
    'application/zip',
  ]) {
    clock.advance(60_000)
    for (const url of ['/api/profile', '/api/feedback', '/api/recommend']) {
      const method = url === '/api/profile' ? 'DELETE' : 'POST'
      const headers = { cookie: 'sid=person', origin, 'content-type': type }
      const answer = await app.inject({ method, url, headers, payload: '{}' })
      assert.equal(answer.statusCode, 415, `${method} ${url} as ${type}`)
    }
  }
})

test('an address that cannot be read is a problem document too', async () => {
  for (const url of ['/api/tips/%ff/shown', `/api/tips/${'a'.repeat(300)}/shown`]) {
    const answer = await app.inject({ method: 'POST', url, headers: { cookie: 'sid=person', origin } })
    assert.equal(answer.statusCode, url.includes('%ff') ? 400 : 414)
    assert.match(String(answer.headers['content-type']), /application\/problem\+json/)
    assert.equal(answer.json().requestId, answer.headers['x-request-id'])
    assert.doesNotMatch(answer.body, /FST_|%ff/)
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  }
})

test('fields that the contract does not declare never leave', async () => {
  const answer = await post({})
  assert.equal(answer.statusCode, 200)
  assert.deepEqual(Object.keys(answer.json()).sort(), ['decisionId', 'tip'])
})

test('an unexpected error tells nothing of the inside; a problem tells its sentence; a lost database says try again', async () => {
  failure = new Error('SELECT secret FROM persons failed at /srv/oo')
  const unexpected = await post({})
  assert.equal(unexpected.statusCode, 500)
  assert.doesNotMatch(unexpected.body, /SELECT|srv/)
  failure = new Problem(problems.tooMany, { retryAfterSeconds: 7 })
  const limited = await post({})
  assert.equal(limited.statusCode, 429)
  assert.equal(limited.headers['retry-after'], '7')
  failure = Object.assign(new Error('terminating connection'), { code: '57P01' })
  const away = await post({})
  assert.equal(away.statusCode, 503)
  assert.equal(away.json().code, 'database_away')
  failure = undefined
})

test('security headers are on every answer, refusals included', async () => {
  for (const url of ['/health', '/api/nowhere', '/api/profile']) {
    const { headers } = await app.inject({ url })
    assert.equal(headers['x-content-type-options'], 'nosniff', url)
    assert.equal(headers['referrer-policy'], 'no-referrer', url)
    assert.match(String(headers['content-security-policy']), /default-src 'none'/, url)
  }
})

test('a limit answers 429 with the seconds to wait, and opens again with time', async () => {
  const ask = () => app.inject({ url: '/api/profile/export', headers: { cookie: 'sid=person' } })
  clock.advance(60_000)
  const answers = []
  for (let i = 0; i < 7; i++) answers.push((await ask()).statusCode)
  assert.deepEqual(answers, [200, 200, 200, 200, 200, 200, 429])
  clock.advance(60_000)
  assert.equal((await ask()).statusCode, 200)
})

test('/metrics counts what was answered, by operation and status', async () => {
  await post({})
  const { body } = await app.inject({ url: '/metrics' })
  assert.match(body, /http_request_seconds_count\{[^}]*route="\/api\/recommend"[^}]*status="200"/)
})

test('a second gateway that stops does not switch off the counts of the first', async () => {
  await startMetrics().stop()
  telemetry.getMeter('oo').createCounter('counted_after').add(1)
  assert.match((await app.inject({ url: '/metrics' })).body, /counted_after_total\{?[^\n]*\}? 1/)
})

test('a request that drips in is answered 408 and closed, its headers and its body alike', async t => {
  const slow = await gatewayOf([echoing(mine)], { arrivesWithinMs: 1_000 })
  t.after(() => slow.close())
  const address = new URL(await slow.listen({ host: '127.0.0.1', port: 0 }))
  for (const body of ['', 'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{']) {
    const socket = connect(Number(address.port), address.hostname)
    t.after(() => socket.destroy())
    // It stops before its time is up: a byte that meets a closed door resets the line and takes the answer with it.
    let drops = 0
    const drip = setInterval(() => {
      socket.write(body ? ' ' : 'x-a: b\r\n')
      if (++drops === 4) clearInterval(drip)
    }, 50)
    t.after(() => clearInterval(drip))
    socket.write(`POST /api/auth/logout HTTP/1.1\r\nhost: ${address.host}\r\n${body}`)
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })
    assert.match(String(answer), /^HTTP\/1.1 408 /)
  }
})

test('who is refused before their body was read is told that the connection ends, and no other request waits in it', async t => {
  const slow = await gatewayOf([echoing(mine)])
  t.after(() => slow.close())
  const address = new URL(await slow.listen({ host: '127.0.0.1', port: 0 }))
  const answerTo = async (rest: string) => {
    const socket = connect(Number(address.port), address.hostname)
    t.after(() => socket.destroy())
    socket.write(`POST /api/feedback HTTP/1.1\r\nhost: ${address.host}\r\ncookie: sid=person\r\n${rest}`)
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })
    return String(answer)
  }
  const unread = await answerTo('content-type: text/plain\r\ncontent-length: 500000\r\n\r\nx')
  assert.match(unread, /^HTTP\/1.1 415 /)
  assert.match(unread, /\r\nconnection: close\r\n/i)
  const whole = await answerTo('content-type: application/json\r\ncontent-length: 2\r\n\r\n{}')
  assert.match(whole, /^HTTP\/1.1 400 /)
  assert.doesNotMatch(whole, /\r\nconnection: close\r\n/i)
})

test('a gateway starts without a word of warning', async t => {
  const said: string[] = []
  const log = openLog('gateway', { destination: { write: line => void said.push(line) } })
  const quiet = await gatewayOf([echoing(mine)], { log })
  t.after(() => quiet.close())
  await quiet.ready()
  assert.deepEqual(said, [])
})

test('a caller that hangs up in the middle is not logged as a failure of ours', async t => {
  const said: string[] = []
  const log = openLog('gateway', { destination: { write: line => void said.push(line) } })
  const quiet = await gatewayOf([echoing(mine)], { log })
  t.after(() => quiet.close())
  const address = new URL(await quiet.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(address.port), address.hostname)
  const head = `POST /api/feedback HTTP/1.1\r\nhost: ${address.host}\r\ncookie: sid=person\r\n`
  const arrived = once(quiet.server, 'request')
  socket.write(`${head}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`)
  const [request] = await arrived
  socket.destroy()
  await new Promise(done => request.once('close', done))
  // Closing waits for what is under way, so every line has been written by then.
  await quiet.close()
  assert.deepEqual(
    said.filter(line => line.includes('"level":"error"')),
    [],
  )
})
