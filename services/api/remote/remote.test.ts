import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import {
  closePool,
  type Module,
  openLog,
  openPool,
  Problem,
  silentLog,
  systemClock,
  systemRandom,
  transaction,
} from '@oo/kernel'
import { createTestDatabase, freePort } from '@oo/local'
import type { FastifyInstance } from 'fastify'
import { remoteModule } from './client.ts'
import { createHost } from './host.ts'
import type { Answered, AnyHandler } from './wire.ts'

// A module made for this test, once here and once behind HTTP: everything a handler may answer has to come through.
const secret = randomBytes(32).toString('hex')
const personId = '0199aaaa-0000-7000-8000-000000000001'
let seen: Record<string, unknown> = {}
let ended = 0
const said: string[] = []

async function* counting(signal: AbortSignal) {
  try {
    for (let n = 1; !signal.aborted; n++) {
      yield { data: { n }, id: String(n), event: 'count' }
      if (n === 3) await once(signal, 'abort')
    }
  } finally {
    ended += 1
  }
}
const handlers: Record<string, AnyHandler> = {
  echo: async request => {
    seen = { ...request }
    return { status: 200, body: { ok: true } }
  },
  nothing: async () => ({ status: 204 }),
  bytes: async () => ({
    status: 200,
    body: Buffer.from([0, 255, 10]),
    headers: { 'content-type': 'application/zip' },
  }),
  away: async () => ({
    status: 302,
    location: '/connect',
    cookies: [{ name: 'c', value: 'v', maxAgeSeconds: 5, path: '/x' }],
  }),
  refuses: async () => {
    throw new Problem(
      { status: 409, code: 'already', title: 'It was done already.' },
      { retryAfterSeconds: 3 },
    )
  },
  breaks: async () => {
    throw new Error('SELECT secret FROM persons failed')
  },
  loses: async () => {
    throw Object.assign(new Error('terminating connection'), { code: '57P01' })
  },
  streams: async () => ({ status: 200, events: counting }),
}
const made: Module<Record<string, AnyHandler>> = {
  name: 'made',
  handlers,
  health: [
    { name: 'well', check: async () => undefined },
    { name: 'tired', check: async () => 'It is slow today.' },
    {
      name: 'gone',
      check: async () => {
        throw new Error('nobody is there')
      },
    },
  ],
  exporter: {
    tables: ['made.things'],
    collect: async id => [{ name: 'things', about: 'Things.', schema: {}, rows: [{ id, at: new Date(0) }] }],
  },
  eraser: {
    tables: ['made.things'],
    erase: async (tx, id) => {
      await tx.$client.query('INSERT INTO erased VALUES ($1)', [id])
      return { rows: 2, note: 'All of it.' }
    },
  },
}

let database: Awaited<ReturnType<typeof createTestDatabase>>
let db: ReturnType<typeof openPool>
let host: FastifyInstance
let url: string
let there: typeof made
before(async () => {
  database = await createTestDatabase()
  db = openPool(database.superUrl, { log: silentLog, name: 'test' })
  await db.$client.query('CREATE TABLE erased (id uuid)')
  const metrics = { text: async () => '', stop: async () => {} }
  const log = openLog('host', { destination: { write: line => void said.push(line) } })
  const given = { db, clock: systemClock, random: systemRandom, log, metrics, secret, modules: [made] }
  host = createHost({ ...given, health: async () => ({ status: 'ok' }) })
  url = await host.listen({ host: '127.0.0.1', port: 0 })
  there = remoteModule(made, { url, secret })
})
after(async () => {
  await there.stop?.()
  await host.close()
  await closePool(db)
  await database.drop()
})

const request = {
  params: { id: 'a' },
  query: {},
  body: { text: 'Grüße\u2028' },
  actor: { sessionId: 's', personId, role: 'person' },
  origin: 'http://127.0.0.1:3000',
  url: new URL('http://127.0.0.1:3000/api/x?y=1'),
  cookies: { sid: 'a secret of the browser' },
  device: 'test',
  requestId: 'r',
  lastEventId: undefined,
  signed: undefined,
}
const ask = (id: string, through = there): Promise<Answered> => {
  const handler = through.handlers[id]
  assert.ok(handler)
  return handler(request)
}

test('a handler hears who asks for what, and nothing of the browser’s cookies', async () => {
  assert.deepEqual(await ask('echo'), { status: 200, body: { ok: true } })
  assert.deepEqual(seen, { ...request, cookies: {} })
  assert.ok(seen.url instanceof URL)
})

test('every kind of answer comes through whole', async () => {
  for (const id of ['nothing', 'bytes', 'away']) assert.deepEqual(await ask(id), await ask(id, made), id)
})

test('a problem travels whole; any other failure stays in the log of the process it happened in', async () => {
  const refused = await ask('refuses').catch((error: unknown) => error)
  assert.ok(refused instanceof Problem)
  const { status, code, title, retryAfterSeconds } = refused
  assert.deepEqual([status, code, title, retryAfterSeconds], [409, 'already', 'It was done already.', 3])
  await assert.rejects(ask('loses'), { status: 503, code: 'database_away' })
  await assert.rejects(ask('breaks'), error => !(error instanceof Problem) && !/SELECT/.test(String(error)))
  assert.ok(said.some(line => line.includes('SELECT secret')))
})

test('a stream goes on until its reader leaves, and the handler learns of it', async () => {
  const { events } = await ask('streams')
  assert.equal(ended, 0, 'nothing runs before somebody reads')
  const left = new AbortController()
  const read: object[] = []
  const reading = (async () => {
    for await (const event of events?.(left.signal) ?? []) {
      read.push(event)
      if (read.length === 3) left.abort()
    }
  })()
  await reading.catch(() => {})
  assert.deepEqual(read.at(-1), { data: { n: 3 }, id: '3', event: 'count' })
  const deadline = AbortSignal.timeout(5_000)
  while (ended === 0) {
    deadline.throwIfAborted()
    await new Promise(resolve => setImmediate(resolve))
  }
})

test('health, export and erasure are those of the other process', async () => {
  const signal = AbortSignal.timeout(2_000)
  const [well, tired, gone] = there.health ?? []
  assert.equal(await well?.check(signal), undefined)
  assert.equal(await tired?.check(signal), 'It is slow today.')
  await assert.rejects(async () => gone?.check(signal), /nobody is there/)
  const [file] = (await there.exporter?.collect(personId)) ?? []
  assert.deepEqual(file?.rows, [{ id: personId, at: '1970-01-01T00:00:00.000Z' }])
  assert.deepEqual(there.eraser?.tables, made.eraser?.tables)
})

test('an erasure there stays when the transaction here is rolled back, and runs again', async () => {
  const erase = () =>
    transaction(db, async tx => {
      assert.deepEqual(await there.eraser?.erase(tx, personId), { rows: 2, note: 'All of it.' })
      throw new Error('the receipt could not be written')
    })
  await assert.rejects(erase(), /receipt/)
  await assert.rejects(erase(), /receipt/)
  assert.equal((await db.$client.query('SELECT FROM erased')).rowCount, 2)
})

test('without the instance’s secret nothing is answered, health of the process excepted', async () => {
  const strangers = [{}, { 'x-oo-secret': '' }, { 'x-oo-secret': `${secret}x` }]
  for (const headers of strangers)
    for (const path of ['operations/echo', 'export', 'erase', 'health/well']) {
      const answer = await fetch(`${url}/modules/made/${path}`, { method: 'POST', headers })
      assert.equal(answer.status, 401, path)
    }
  await assert.rejects(ask('echo', remoteModule(made, { url, secret: 'another' })), { code: 'strange_edge' })
  assert.equal((await fetch(`${url}/health`)).status, 200)
  const large = await fetch(`${url}/modules/made/operations/echo`, {
    method: 'POST',
    headers: { 'x-oo-secret': secret, 'content-type': 'application/json' },
    body: JSON.stringify({ pad: 'x'.repeat(200_000) }),
  })
  assert.equal(large.status, 413)
})

test('a process that is away, or hangs up, is a sentence at once', async () => {
  const nobody = remoteModule(made, { url: `http://127.0.0.1:${await freePort()}`, secret })
  await assert.rejects(ask('echo', nobody), { status: 503, code: 'part_away', retryAfterSeconds: 1 })
  await assert.rejects(async () => nobody.health?.[0]?.check(AbortSignal.timeout(2_000)), /part_away/)
  await nobody.stop?.()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end('POST /modules/made/operations/echo HTTP/1.1\r\nhost: a\r\n\r\n')
  const [answer] = await once(socket, 'data')
  assert.match(String(answer), /^HTTP\/1.1 401/)
})
