import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import {
  closePool,
  frozenClock,
  open,
  openPool,
  type Pool,
  Problem,
  seal,
  silentLog,
  systemRandom,
  transaction,
} from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import type { Actor, Cookie } from '@oo/shared-types/handlers'
import Fastify, { type FastifyInstance } from 'fastify'
import glue from 'fastify-openapi-glue'
import type { AnswersCtx } from './answers.ts'
import { createAnswers, forgetOldAnswers } from './createAnswers.ts'
import { createLimits } from './limits.ts'
import { type AnyHandler, bindOperations } from './operations.ts'
import { sendProblem } from './problemDocuments.ts'
import { createStreams } from './streams.ts'

// Two gateways on one database, as two processes would be, in front of a verb that counts how often it ran.
const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', pattern: '^[!-~]{1,255}$' } }
const operation = (operationId: string, more: object = {}) => ({
  operationId,
  security: [{ session: [] }],
  parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
  requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
  responses: {
    '200': {
      description: 'Done.',
      content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
    },
  },
  ...more,
})
const contract = {
  openapi: '3.1.0',
  info: { title: 't', version: '1' },
  components: { parameters: { IdempotencyKey: key } },
  paths: {
    '/count/{id}': { post: operation('count') },
    '/look': { post: operation('look', { 'x-repeatable': true }) },
  },
}

const clock = frozenClock('2026-03-01T10:00:00Z')
const secret = randomBytes(32).toString('hex')
const keys = new Map<string, Buffer>()
const ada: Actor = { sessionId: randomUUID(), personId: randomUUID(), role: 'person' }
const bob: Actor = { sessionId: randomUUID(), personId: randomUUID(), role: 'person' }
const tokenAdmin: Actor = { sessionId: randomUUID(), personId: null, role: 'admin' }
const actors: Record<string, Actor> = { ada, bob, tokenAdmin }

let ran = 0
let verb: (n: number) => Promise<{ status: number; body?: unknown; cookies?: Cookie[] }>
let database: Awaited<ReturnType<typeof createTestDatabase>>
const stops: (() => Promise<unknown>)[] = []

interface Process {
  app: FastifyInstance
  db: Pool
  parts: ReturnType<typeof createAnswers>
  ctx: AnswersCtx
}

async function start(): Promise<Process> {
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 8 })
  const ctx: AnswersCtx = {
    db,
    clock,
    random: systemRandom,
    log: silentLog,
    secret,
    times: { leaseMs: 600, renewEveryMs: 150, waitMs: 1_500 },
    async sealerOf(personId) {
      const own = keys.get(personId) ?? randomBytes(32)
      keys.set(personId, own)
      return {
        seal: (text, place) => seal(own, Buffer.from(text), place),
        open: (sealed, place) => open(own, sealed, place).toString(),
      }
    },
  }
  const parts = createAnswers(ctx)
  const app = Fastify()
  app.decorateRequest('actor', null)
  app.decorateRequest('cookies')
  app.decorateRequest('claim', null)
  app.setErrorHandler(sendProblem)
  const handler: AnyHandler = async () => {
    ran += 1
    return verb(ran)
  }
  const operationResolver = bindOperations(
    contract.paths,
    new Map([
      ['count', handler],
      ['look', handler],
    ]),
    {
      authenticate: async sid => actors[sid ?? ''] ?? null,
      limits: createLimits(clock),
      originOf: () => 'http://127.0.0.1',
      streams: createStreams({ log: silentLog }),
      answers: parts.answers,
    },
  )
  await app.register(glue, { specification: contract, operationResolver })
  stops.push(async () => {
    await app.close()
    parts.answers.stop()
    await closePool(db)
  })
  return { app, db, parts, ctx }
}

let one: Process
let two: Process
before(async () => {
  database = await createTestDatabase()
  one = await start()
  two = await start()
})
after(async () => {
  for (const stop of stops) await stop()
  await database.drop()
})
beforeEach(() => {
  ran = 0
  verb = async n => ({ status: 200, body: { n, at: Math.random() } })
})

async function ask(
  { app }: Process,
  idempotencyKey: string | undefined,
  { who = 'ada', url = '/count/1', body = { a: 1 } }: { who?: string; url?: string; body?: object } = {},
) {
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: {
      cookie: `sid=${who}`,
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    payload: body,
  })
  const { statusCode: status, body: text, headers } = answer
  return { status, text, type: headers['content-type'], replayed: headers['idempotency-replayed'], headers }
}

test('fifty at once through two processes are one effect and one answer, byte for byte', async () => {
  verb = async n => {
    await new Promise(resolve => setTimeout(resolve, 80))
    return { status: 200, body: { n, at: Math.random() } }
  }
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i % 2 ? one : two, 'fifty')))
  assert.equal(ran, 1)
  assert.equal(new Set(answers.map(({ status, text, type }) => `${status} ${type} ${text}`)).size, 1)
  assert.equal(answers.filter(({ replayed }) => replayed === undefined).length, 1)
})

test('later, and in a process that was started since, the answer is still the same', async () => {
  const first = await ask(one, 'later')
  const three = await start()
  clock.advance(23 * 3_600_000)
  for (const process of [one, two, three]) {
    const again = await ask(process, 'later')
    assert.deepEqual([again.status, again.text, again.type], [first.status, first.text, first.type])
    assert.equal(again.replayed, 'true')
  }
  assert.equal(ran, 1)
})

test('without a key every request runs; so does one that answers the same by nature, key or not', async () => {
  await ask(one, undefined)
  await ask(one, undefined)
  await ask(one, 'look', { url: '/look' })
  await ask(one, 'look', { url: '/look' })
  assert.equal(ran, 4)
})

test('another request under the same key is refused, while the first runs and afterwards', async () => {
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  verb = async n => {
    begun.resolve()
    await gate.promise
    return { status: 200, body: { n } }
  }
  const first = ask(one, 'other')
  await begun.promise
  const others = [{ body: { a: 2 } }, { url: '/count/2' }, { url: '/count/1?x=1' }]
  const refusals = async () =>
    Promise.all(others.flatMap(other => [ask(one, 'other', other), ask(two, 'other', other)]))
  const during = await refusals()
  gate.resolve()
  assert.equal((await first).status, 200)
  for (const refused of [...during, ...(await refusals())]) {
    assert.equal(refused.status, 422)
    assert.match(refused.text, /use a new key for each thing/)
  }
  assert.equal(ran, 1)
})

test('a key is one person’s own, and an admin without a person has keys too', async () => {
  const answers = [
    await ask(one, 'shared', { who: 'ada' }),
    await ask(one, 'shared', { who: 'bob' }),
    await ask(one, 'shared', { who: 'tokenAdmin' }),
  ]
  assert.equal(ran, 3)
  assert.equal((await ask(two, 'shared', { who: 'tokenAdmin' })).text, answers[2]?.text)
  assert.equal(ran, 3)
})

test('a refusal is kept like any answer; our own failures and 429 are tried again', async () => {
  verb = async () => {
    throw new Problem({ status: 409, code: 'tip_ended', title: 'This tip has ended.' })
  }
  const refused = await ask(one, 'refused')
  const again = await ask(two, 'refused')
  assert.deepEqual([again.status, again.text, again.type], [refused.status, refused.text, refused.type])
  assert.equal(ran, 1)

  for (const status of [500, 503, 429]) {
    verb = async () => {
      throw new Problem({ status, code: 'x', title: 'Not now.' })
    }
    assert.equal((await ask(one, `failed-${status}`)).status, status)
    verb = async n => ({ status: 200, body: { n } })
    assert.equal((await ask(two, `failed-${status}`)).status, 200)
  }
})

test('an answer without a body is kept, one with a cookie is not', async () => {
  verb = async () => ({ status: 204 })
  await ask(one, 'empty')
  const again = await ask(two, 'empty')
  assert.deepEqual([again.status, again.text, again.replayed], [204, '', 'true'])
  verb = async () => ({ status: 200, body: {}, cookies: [{ name: 'a', value: 'b', maxAgeSeconds: 1 }] })
  await ask(one, 'cookie')
  assert.equal((await ask(one, 'cookie')).replayed, undefined)
})

test('a claim whose process died is taken over; one whose process lives is waited for, then 409', async () => {
  const dying = await start()
  const asked = {
    ownerId: ada.personId ?? '',
    personId: ada.personId,
    operation: 'count',
    key: 'orphan',
    content: `POST /count/1\n${JSON.stringify({ a: 1 })}`,
  }
  await dying.parts.answers.begin(asked)
  // As after kill -9: nobody renews the claim and nobody gives it back.
  dying.parts.answers.stop()
  assert.equal((await ask(one, 'orphan')).status, 200)
  assert.equal(ran, 1)

  const living = await two.parts.answers.begin({ ...asked, key: 'alive' })
  const [here, elsewhere] = await Promise.all([ask(two, 'alive'), ask(one, 'alive')])
  for (const { status, headers } of [here, elsewhere])
    assert.deepEqual([status, headers['retry-after']], [409, '1'])
  assert.equal(ran, 1)
  assert.ok('release' in living)
  await living.release()
  assert.equal((await ask(one, 'alive')).status, 200)
})

test('who lost a claim to another answers what the other stored', async () => {
  const asked = {
    ownerId: bob.personId ?? '',
    personId: bob.personId,
    operation: 'count',
    key: 'lost',
    content: 'x',
  }
  const late = await start()
  const lost = await late.parts.answers.begin(asked)
  late.parts.answers.stop()
  const won = await one.parts.answers.begin(asked)
  assert.ok('keep' in lost && 'keep' in won)
  const mine = await won.keep({ status: 200, headers: {}, body: 'won' })
  assert.equal(mine.body, 'won')
  assert.equal((await lost.keep({ status: 200, headers: {}, body: 'lost' })).body, 'won')
})

test('a key that is no key is refused with the rule it broke', async () => {
  for (const wrong of ['', 'two words', 'ä', 'x'.repeat(256), '\t']) {
    const refused = await ask(one, wrong)
    assert.equal(refused.status, 400, JSON.stringify(wrong))
    assert.match(refused.text, /does not fit/)
  }
  assert.equal(ran, 0)
})

test('what is stored tells nothing: neither key nor request nor answer stands there', async () => {
  verb = async () => ({ status: 200, body: { text: 'canary-answer' } })
  await ask(one, 'canary-key', { body: { text: 'canary-request' } })
  const { rows } = await one.db.$client.query<{ row: string }>('SELECT a::text AS row FROM gateway.answers a')
  assert.ok(rows.length > 0)
  for (const { row } of rows) {
    const read =
      row + [...row.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex = '']) => Buffer.from(hex, 'hex')).join(' ')
    assert.doesNotMatch(read, /canary/)
  }
})

test('after a day an answer is forgotten: by the next request, by the sweep, and with its person at once', async () => {
  await ask(one, 'day')
  clock.advance(24 * 3_600_000 + 1)
  await ask(one, 'day')
  assert.equal(ran, 2)

  clock.advance(24 * 3_600_000 - 1)
  await forgetOldAnswers(one.ctx)
  const left = async () => (await one.db.$client.query('SELECT FROM gateway.answers')).rowCount
  assert.equal(await left(), 1)
  clock.advance(2)
  await forgetOldAnswers(one.ctx)
  assert.equal(await left(), 0)

  await ask(one, 'erased')
  await ask(one, 'stays', { who: 'bob' })
  const { exporter, eraser } = one.parts.module
  const [exported] = (await exporter?.collect(ada.personId ?? '')) ?? []
  assert.deepEqual(exported?.rows, [{ operation: 'count', askedAt: clock.now(), status: 200 }])
  assert.deepEqual(await transaction(one.db, async tx => eraser?.erase(tx, ada.personId ?? '')), { rows: 1 })
  assert.equal(await left(), 1)
})
