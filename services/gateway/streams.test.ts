import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { after, before, test } from 'node:test'
import { frozenClock, silentLog } from '@oo/kernel'
import type { Actor, EventStream } from '@oo/shared-types/handlers'
import Fastify, { type FastifyInstance } from 'fastify'
import glue from 'fastify-openapi-glue'
import type { Answers } from './answers.ts'
import { createLimits } from './limits.ts'
import { bindOperations } from './operations.ts'
import { sendProblem } from './problemDocuments.ts'
import { createStreams } from './streams.ts'

// A contract of one live view, served through the same binding as every other operation.
const paths = {
  '/live': {
    get: {
      operationId: 'live',
      security: [{ admin: [] }],
      responses: {
        '200': {
          description: 'Goes on.',
          content: {
            'text/event-stream': { schema: { type: 'object', properties: { n: { type: 'integer' } } } },
          },
        },
      },
    },
  },
}

interface Feed {
  events: EventStream<object>
  /** Whose signal has been given. */
  ended: Promise<void>
  send(data: object, id?: string): void
}

/** Sends what the test tells it to, until the signal. */
function feed(): Feed {
  const waiting: { data: object; id?: string }[] = []
  const over = Promise.withResolvers<void>()
  let wake = Promise.withResolvers<void>()
  return {
    ended: over.promise,
    send(data, id) {
      waiting.push({ data, ...(id && { id }) })
      wake.resolve()
    },
    async *events(signal) {
      signal.addEventListener('abort', () => {
        over.resolve()
        wake.resolve()
      })
      while (!signal.aborted) {
        yield* waiting.splice(0)
        wake = Promise.withResolvers()
        if (waiting.length === 0 && !signal.aborted) await wake.promise
      }
    },
  }
}

// No request of these tests carries a key, so none may come here.
const noKeys: Answers = { begin: () => assert.fail('a key where none was sent'), stop() {} }
const admin: Actor = { sessionId: 's', personId: 'p', role: 'admin' }
let actor: Actor | null
let remembered: Actor | null
let asked: string | undefined
let next: Feed
let app: FastifyInstance
let address: string

async function open(): Promise<FastifyInstance> {
  const fastify = Fastify({ forceCloseConnections: 'idle' })
  const streams = createStreams({ log: silentLog })
  fastify.decorateRequest('actor', null)
  fastify.decorateRequest('cookies')
  fastify.setErrorHandler(sendProblem)
  fastify.addHook('preClose', async () => streams.end())
  const handler = async (request: { lastEventId?: string }) => {
    asked = request.lastEventId
    return { status: 200, events: next.events }
  }
  const operationResolver = bindOperations(paths, new Map([['live', handler]]), {
    authenticate: async (_sid, fresh) => (fresh ? actor : remembered),
    answers: noKeys,
    limits: createLimits(frozenClock(new Date())),
    originOf: () => 'http://127.0.0.1',
    streams,
  })
  await fastify.register(glue, {
    specification: { openapi: '3.1.0', info: { title: 't', version: '1' }, paths },
    operationResolver,
  })
  address = await fastify.listen({ host: '127.0.0.1', port: 0 })
  return fastify
}

before(async () => {
  app = await open()
})
after(() => app.close())

const within = AbortSignal.timeout(20_000)

async function read(headers: Record<string, string> = {}): Promise<{
  answer: IncomingMessage
  until(text: string): Promise<string>
}> {
  const request = httpRequest(`${address}/live`, { headers, agent: false })
  const answered = once(request, 'response', { signal: within })
  request.end()
  const [answer]: IncomingMessage[] = await answered
  assert.ok(answer)
  let heard = ''
  answer.setEncoding('utf8')
  answer.on('data', text => {
    heard += text
  })
  return {
    answer,
    async until(text) {
      while (!heard.includes(text)) await once(answer, 'data', { signal: within })
      return heard
    },
  }
}

const begin = () => {
  actor = admin
  remembered = admin
  next = feed()
  return next
}

test('events arrive one by one, with the fields that the contract declares and no more', async () => {
  const live = begin()
  const { answer, until } = await read({ 'last-event-id': '7' })
  assert.equal(answer.headers['content-type'], 'text/event-stream')
  assert.equal(asked, '7')
  live.send({ n: 1, secret: 'x' }, '8')
  assert.match(await until('"n":1'), /id: 8\ndata: \{"n":1\}\n\n/)
  live.send({ n: 2 }, 'two\ndata: forged')
  assert.match(await until('"n":2'), /id: two data: forged\ndata: \{"n":2\}\n\n/)
  answer.destroy()
  await live.ended
})

test('whoever loses the right in this process reads no event after it', async () => {
  const live = begin()
  const { answer, until } = await read()
  live.send({ n: 1 })
  await until('"n":1')
  remembered = { ...admin, role: 'person' }
  let more = ''
  answer.on('data', text => {
    more += text
  })
  live.send({ n: 2 })
  await once(answer, 'end', { signal: within })
  assert.equal(more, '')
  await live.ended
})

test('a session that was revoked elsewhere loses its silent stream within a second', async () => {
  for (const now of [null, { ...admin, role: 'person' } as const, { ...admin, personId: 'q' }]) {
    const live = begin()
    const { answer } = await read()
    actor = now
    const from = performance.now()
    await once(answer, 'end', { signal: within })
    assert.ok(performance.now() - from < 1_000, JSON.stringify(now))
    await live.ended
  }
})

test('a source that fails ends the answer and nothing else', async () => {
  begin()
  next.events = async function* () {
    yield { data: { n: 1 } }
    throw new Error('the source broke')
  }
  const { answer } = await read()
  await once(answer, 'end', { signal: within })
})

test('a reader who takes nothing holds back the source instead of filling memory', async () => {
  begin()
  let sent = 0
  const ended = Promise.withResolvers<void>()
  next.events = async function* (signal) {
    signal.addEventListener('abort', () => ended.resolve())
    for (; sent < 1_000_000 && !signal.aborted; sent++) yield { data: { n: sent } }
  }
  const { answer } = await read()
  answer.pause()
  // Ten looks in a row without a new one: nothing is under way any more.
  for (let looks = 0, quiet = 0, last = -1; quiet < 10; looks++) {
    assert.ok(looks < 500, 'it never paused')
    await new Promise(resolve => setTimeout(resolve, 20))
    quiet = sent === last ? quiet + 1 : 0
    last = sent
  }
  assert.ok(sent < 900_000, `${sent} were sent`)
  answer.destroy()
  await ended.promise
})

test('stopping ends every stream, whole', async () => {
  const live = begin()
  const { answer, until } = await read()
  live.send({ n: 1 })
  await until('"n":1')
  const ended = once(answer, 'end', { signal: within })
  await app.close()
  await ended
  await live.ended
  app = await open()
})
