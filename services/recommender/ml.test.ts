import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { after, type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { frozenClock, silentLog } from '@oo/kernel'
import { openMl } from './ml.ts'

const servers: Server[] = []
const opened: { close(): Promise<void> }[] = []
after(async () => {
  for (const server of servers) server.closeAllConnections()
  await Promise.all(opened.map(ml => ml.close()))
  for (const server of servers) server.close()
})

const request = {
  decisionId: 'd',
  personId: '0199aaaa-0000-7000-8000-000000000001',
  now: '2026-03-01T10:00:00Z',
  timeZone: 'UTC',
  trigger: 'open' as const,
  candidates: ['a', 'b'].map(id => ({ id, kind: 'todo' as const, source: 'todoist', attributes: {} })),
}

const good = {
  policy: 'urgency',
  version: '1',
  chosen: 'a',
  probabilities: [0.9, 0.1],
  scores: [1, 0],
  contributions: [[1], [0]],
  features: { ids: ['a', 'b'], names: ['intercept'], values: [[1], [0]] },
  shadows: [],
  latencyMs: 1,
}

async function mlThat(listener: RequestListener, timeoutMs = 5_000) {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  const clock = frozenClock('2026-03-01T10:00:00Z')
  const settings = { url: `http://127.0.0.1:${address.port}`, secret: 's'.repeat(32), timeoutMs }
  const ml = openMl(settings, { clock, log: silentLog })
  opened.push(ml)
  return { ml, clock }
}

const answering =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

test('an answer that holds together is taken', async () => {
  const { ml } = await mlThat(answering(good))
  assert.deepEqual(await ml.score(request), good)
})

test('an answer that does not hold together counts as none', async () => {
  const broken: [string, unknown][] = [
    ['probabilities that do not sum to one', { ...good, probabilities: [0.9, 0.2] }],
    ['a probability too few', { ...good, probabilities: [1] }],
    ['a negative probability', { ...good, probabilities: [1.5, -0.5] }],
    ['a choice that was never offered', { ...good, chosen: 'z' }],
    ['a choice that had no chance', { ...good, chosen: 'b', probabilities: [1, 0] }],
    ['features of another shape', { ...good, features: { names: ['intercept'], values: [[1]] } }],
    ['contributions of another shape', { ...good, contributions: [[1], []] }],
    ['silence without a reason', { ...good, chosen: null }],
    ['no object at all', 'garbage'],
    ['nothing', null],
  ]
  for (const [name, body] of broken) {
    const { ml } = await mlThat(answering(body))
    assert.equal(await ml.score(request), null, name)
  }
  const { ml } = await mlThat(answering(good, 500))
  assert.equal(await ml.score(request), null, 'a status that is not 200')
})

/** The deadline passes when a test says so, however busy this machine is. */
function deadlines(t: TestContext): { pass(ms: number): void } {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  return { pass: ms => t.mock.timers.tick(ms) }
}

test('an ml that hangs costs the deadline, and after five of those nothing until it is tried again', async t => {
  const asked = new EventEmitter()
  let calls = 0
  const { ml, clock } = await mlThat(() => {
    calls += 1
    asked.emit('asked')
  }, 100)
  const time = deadlines(t)
  const hangs = async () => {
    const reached = once(asked, 'asked')
    let isAnswered = false
    const answer = ml.score(request).finally(() => {
      isAnswered = true
    })
    await reached
    time.pass(99)
    await setImmediate()
    assert.ok(!isAnswered, 'it had its time')
    time.pass(1)
    assert.equal(await answer, null)
  }
  for (let i = 0; i < 5; i++) await hangs()
  assert.equal(await ml.score(request), null)
  assert.equal(calls, 5)
  clock.advance(1_001)
  await hangs()
  assert.equal(calls, 6)
})

test('many that one stall made late count as one failure: the next is asked again', async t => {
  const asked = new EventEmitter()
  let calls = 0
  const { ml } = await mlThat((incoming, response) => {
    calls += 1
    if (calls > 16) answering(good)(incoming, response)
    else if (calls === 16) asked.emit('all')
  }, 100)
  const time = deadlines(t)
  const stalled = once(asked, 'all')
  const late = Array.from({ length: 16 }, () => ml.score(request))
  await stalled
  time.pass(100)
  assert.deepEqual(new Set(await Promise.all(late)), new Set([null]))
  assert.deepEqual(await ml.score(request), good)
})

test('an answer that came while this process was too busy to read it still counts', async t => {
  let passes: (() => void) | undefined
  const { ml } = await mlThat((incoming, response) => {
    answering(good)(incoming, response)
    // The turn in which it is answered ends after the deadline.
    if (passes) void setImmediate().then(passes)
  }, 100)
  const time = deadlines(t)
  await ml.score(request)
  let isOver = false
  passes = () => {
    time.pass(100)
    isOver = true
  }
  assert.deepEqual(await ml.score(request), good)
  assert.ok(isOver, 'the deadline passed before it was read')
})
