import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { StartOver } from '@oo/events'
import { frozenClock, silentLog } from '@oo/kernel'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import { worth } from '@oo/shared-types/rewards'
import { openMl, type RewardEvent } from '../ml.ts'
import { rules } from '../reactionRules.ts'
import { lesson, teaching } from './teaching.ts'

const clock = frozenClock('2026-03-01T10:00:00Z')
const midway = { isFirst: false, isLast: false }

const rewarded = (rewardId: string, more: object = {}) =>
  create(EnvelopeSchema, {
    id: `event-${rewardId}`,
    personId: '0199aaaa-0000-7000-8000-000000000001',
    payload: {
      case: 'tipRewarded',
      value: {
        rewardId,
        decisionId: 'd',
        reward: 0.5,
        part: 'all',
        featureNames: ['intercept', 'overdue'],
        features: [1, 0.25],
        probability: 0.5,
        chosen: 'todoist:7',
        ...more,
      },
    },
  })

/** An ml that answers as told and remembers what it took. */
async function mlThat(t: TestContext, answer: (ids: string[]) => number, says: object = {}) {
  const taken: string[] = []
  const told: { count: number; fromTheStart: boolean; toTheEnd: boolean }[] = []
  const server = createServer(async (request, response) => {
    const { events, ...where }: { events: RewardEvent[]; fromTheStart: boolean; toTheEnd: boolean } =
      JSON.parse(Buffer.concat(await request.toArray()).toString())
    told.push({ count: events.length, ...where })
    const status = answer(events.map(event => event.eventId))
    if (status === 200) taken.push(...events.map(event => event.eventId))
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ detail: 'a sentence', ...says }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  const settings = { url: `http://127.0.0.1:${address.port}`, secret: 's'.repeat(32), timeoutMs: 1_000 }
  const ml = openMl(settings, { clock, log: silentLog })
  t.after(async () => {
    await ml.close()
    server.close()
  })
  return { ml, taken, told }
}

test('what ml learns from is whole: the chosen row, its probability, what it replaces', () => {
  const [whole] = lesson(rewarded('r2', { replaces: 'r1', part: 'choice' }))
  assert.deepEqual(whole?.features, {
    ids: ['todoist:7'],
    names: ['intercept', 'overdue'],
    values: [[1, 0.25]],
  })
  assert.deepEqual(
    [whole?.eventId, whole?.replaces, whole?.part, whole?.chosen],
    ['r2', 'r1', 'choice', 'todoist:7'],
  )
  const undone = create(EnvelopeSchema, rewarded('r3'))
  if (undone.payload.case === 'tipRewarded') delete undone.payload.value.reward
  assert.equal(lesson(undone)[0]?.reward, null)
})

test('a decision without features teaches nothing', () => {
  assert.deepEqual(lesson(rewarded('r1', { featureNames: [], features: [], policy: 'fallback' })), [])
})

test('more than ml takes at once goes in turns', async t => {
  const { ml, taken } = await mlThat(t, () => 200)
  const events = Array.from({ length: 300 }, (_, at) => rewarded(`r${at}`))
  await teaching({ ml, clock }).deliver(events, AbortSignal.timeout(5_000), midway)
  assert.deepEqual(
    taken,
    events.map((_, at) => `r${at}`),
  )
})

test('what ml did not take comes again: it throws, with what ml said', async t => {
  for (const status of [422, 500, 503, 401]) {
    const { ml } = await mlThat(t, () => status)
    const delivering = teaching({ ml, clock }).deliver([rewarded('r')], AbortSignal.timeout(5_000), midway)
    await assert.rejects(delivering, new RegExp(`answered ${status}: a sentence`))
  }
})

test('when ml lost something the log starts over, once in a while and not without end', async t => {
  const clock = frozenClock('2026-03-01T10:00:00Z')
  const { ml, told } = await mlThat(t, () => 200, { startOver: true })
  const forwarder = teaching({ ml, clock })
  const deliver = (isFirst = false) =>
    forwarder.deliver([rewarded('r')], AbortSignal.timeout(5_000), { ...midway, isFirst })
  await assert.rejects(
    deliver(),
    (why: unknown) => why instanceof StartOver && /knows nobody yet, or lost/.test(why.message),
  )
  await deliver(true)
  await deliver()
  assert.deepEqual(
    told.map(({ fromTheStart }) => fromTheStart),
    [false, true, false],
    'ml is told that all of it follows',
  )
  clock.advance(600_000)
  await assert.rejects(deliver(), StartOver)
})

test('where the log begins and where it ends is told, each once, also when nothing there teaches', async t => {
  const { ml, told } = await mlThat(t, () => 200)
  const { deliver } = teaching({ ml, clock })
  const signal = AbortSignal.timeout(5_000)
  const unscored = rewarded('f', { featureNames: [], features: [] })
  await deliver([unscored], signal, { isFirst: true, isLast: false })
  await deliver([unscored], signal, midway)
  await deliver(
    Array.from({ length: 300 }, (_, at) => rewarded(`r${at}`)),
    signal,
    { isFirst: false, isLast: true },
  )
  assert.deepEqual(told, [
    { count: 0, fromTheStart: true, toTheEnd: false },
    { count: 256, fromTheStart: false, toTheEnd: false },
    { count: 44, fromTheStart: false, toTheEnd: true },
  ])
})

test('while ml is away, what teaches nothing does not pass, or what teaches would be to blame', async t => {
  let status = 503
  const { ml } = await mlThat(t, () => status)
  const { deliver } = teaching({ ml, clock })
  const unscored = rewarded('f', { featureNames: [], features: [] })
  const tell = (event: Envelope) => deliver([event], AbortSignal.timeout(5_000), midway)
  await tell(unscored)
  await assert.rejects(tell(rewarded('r')), /answered 503/)
  await assert.rejects(tell(unscored), /answered 503/)
  status = 200
  await tell(unscored)
  await tell(rewarded('r'))
})

test('which reactions are final is said alike where they rest and where they are rewarded', () => {
  for (const [reaction, { final }] of Object.entries(rules))
    assert.equal(final, Object.entries(worth).find(([one]) => one === reaction)?.[1].final, reaction)
})
