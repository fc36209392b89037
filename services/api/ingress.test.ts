import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startInstance } from './testInstance.ts'
import { sendersOf } from './testSenders.ts'

// One delivery after the other: who signed it, when, how often, and what of it is taken.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance()
})
after(() => instance.stop())

const {
  minutes,
  mood,
  delivery,
  post,
  send,
  someone,
  answer,
  create,
  made,
  rows,
  kept,
  listed,
  deliveriesOf,
} = sendersOf(() => instance)

test('what a source tells is taken, counted and shown, and its secret is told once and nowhere in the clear', async () => {
  const { person, source } = await made()
  assert.match(source.secret, /^oos_[\w-]{43}$/)
  const signals = [
    { type: 'mood', value: -0.5, measuredAt: minutes(-3).toISOString() },
    { type: 'sleep', value: 0.75 },
  ]
  const { status, body } = await send(source, { body: JSON.stringify({ signals }, null, 2) })
  assert.deepEqual([status, body], [200, { accepted: 2, refused: [] }])
  assert.deepEqual([await kept(source), await kept(source, 'sleep')], [-0.5, 0.75])
  const [shown] = await listed(person)
  assert.deepEqual([shown?.name, shown?.deliveries, shown?.signals], ['Watch', 1, 2])
  assert.equal(shown?.lastDeliveryAt, instance.clock.now().toISOString())
  const [record] = await deliveriesOf(person, source)
  assert.deepEqual([record?.accepted, record?.refused, record?.problem], [2, [], undefined])
  const stored = await instance.query(
    'SELECT s::text FROM integrations.ingress_sources s UNION ALL SELECT d::text FROM integrations.ingress_deliveries d',
  )
  const bytes = ['Watch', source.secret].map(text => Buffer.from(text).toString('hex'))
  assert.ok(stored.rows.length >= 2 && JSON.stringify(stored.rows).includes(source.id))
  for (const text of ['Watch', source.secret, ...bytes])
    assert.ok(!JSON.stringify(stored.rows).includes(text))
})

test('an unknown source and every forged delivery are the same 401 and leave nothing', async () => {
  const { source } = await made()
  const other = await made()
  const good = delivery(source)
  const with_ = (headers: Record<string, string>) => ({ ...good, headers: { ...good.headers, ...headers } })
  const { 'oo-signature': signature } = good.headers
  const without = (name: string) => ({
    ...good,
    headers: Object.fromEntries(Object.entries(good.headers).filter(([key]) => key !== name)),
  })
  const forged: [string, ReturnType<typeof delivery>][] = [
    [source.id, delivery(other.source)],
    [source.id, { ...good, body: mood(0.6) }],
    [source.id, { ...good, body: `${good.body} ` }],
    [source.id, with_({ 'oo-delivery': 'another' })],
    [source.id, with_({ 'oo-timestamp': String(Number(good.headers['oo-timestamp']) + 1) })],
    [source.id, with_({ 'oo-signature': signature.replace('v1=', 'v2=') })],
    [source.id, with_({ 'oo-signature': signature.toUpperCase() })],
    [source.id, with_({ 'oo-signature': `${signature}, ${signature}` })],
    [source.id, with_({ 'oo-signature': 'v1=' })],
    [source.id, delivery({ secret: '' })],
    [source.id, { ...delivery({ secret: 'guessed' }), body: '{}' }],
    ['nobody', good],
    [other.source.id, good],
    ...['oo-signature', 'oo-delivery', 'oo-timestamp'].map((name): (typeof forged)[number] => [
      source.id,
      { ...good, ...without(name) } as typeof good,
    ]),
  ]
  const answers = new Set<string>()
  for (const [id, sent] of forged) {
    const { status, body } = await post(id, sent)
    const { requestId: _, ...said } = body
    answers.add(`${status} ${JSON.stringify(said)}`)
  }
  assert.equal(answers.size, 1, [...answers].join('\n'))
  assert.match([...answers].join(), /^401 .*sign “\{timestamp\}/)
  assert.deepEqual(await rows('ingress_deliveries', source), [])
  assert.deepEqual(await rows('signals', source), [])
  assert.equal((await post(source.id, good)).status, 200, 'the good one still counts')
})

test('a delivery is taken within five minutes of its timestamp, before and after, and not longer', async () => {
  const { source } = await made()
  for (const off of [-1, 1]) {
    // A timestamp has whole seconds, so the one before may be up to a second older than it says.
    assert.equal((await send(source, { sentAt: minutes(off * 4.98) })).status, 200)
    const late = await send(source, { sentAt: minutes(off * 5.02) })
    assert.deepEqual([late.status, late.body.code], [401, 'late'])
  }
  const replayed = delivery(source, { delivery: 'captured' })
  assert.equal((await post(source.id, replayed)).status, 200)
  instance.clock.advance(5 * 60_000 + 1_000)
  assert.equal((await post(source.id, replayed)).status, 401)
  assert.equal((await rows('ingress_deliveries', source)).length, 3)
})

test('a repeated delivery is answered the same and counts once, also twelve at once, also signed anew', async () => {
  const { person, source } = await made()
  const sent = delivery(source, { delivery: 'once', body: mood(0.25) })
  const answers = await Promise.all(Array.from({ length: 12 }, () => post(source.id, sent)))
  await send(source, { body: mood(-1) })
  instance.clock.advance(120_000)
  answers.push(await send(source, { delivery: 'once', body: mood(0.25) }))
  assert.deepEqual(
    [...new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`))],
    ['200 {"accepted":1,"refused":[]}'],
  )
  assert.equal(await kept(source), -1, 'the repetition did not bring the old value back')
  const [shown] = await listed(person)
  assert.deepEqual([shown?.deliveries, shown?.signals], [2, 2])
  const told = await instance.query(
    "SELECT count(*)::int AS n FROM events.log WHERE subject = 'signals.mood.reported' AND person_id = (SELECT person_id FROM integrations.ingress_sources WHERE id = $1)",
    [source.id],
  )
  assert.equal(told.rows[0]?.n, 2)
})

test('what comes out of order never takes the place of what was measured later', async () => {
  const { source } = await made()
  const at = [-3, -1, -2].map(off => ({ measuredAt: minutes(off).toISOString() }))
  for (const [index, more] of at.entries()) {
    const { body } = await send(source, { body: mood(index / 10, more) })
    assert.equal(body.accepted, 1)
  }
  assert.equal(await kept(source), 0.1)
})

test('what does not fit is refused whole with its place, is listed without a word of it, and may come again mended', async () => {
  const { person, source } = await made()
  const good = { type: 'mood', value: 0.1 }
  const cases: [unknown, RegExp][] = [
    [{ signals: [good, { type: 'mood', value: 1.5 }] }, /^body\/signals\/1\/value$/],
    [{ signals: [good, { type: 'mood', value: '0.5' }] }, /^body\/signals\/1\/value$/],
    [{ signals: [good, { type: 'mood', value: null }] }, /^body\/signals\/1\/value$/],
    [{ signals: [good, { type: 'visible', value: true }] }, /^body\/signals\/1\/type$/],
    [{ signals: [good, { ...good, measuredAt: 'yesterday' }] }, /^body\/signals\/1\/measuredAt$/],
    [
      { signals: [good, { ...good, measuredAt: minutes(6).toISOString() }] },
      /^body\/signals\/1\/measuredAt$/,
    ],
    [{ signals: [good, { ...good, planted: 'a secret diary' }] }, /^body\/signals\/1$/],
    [{ signals: [] }, /^body\/signals$/],
    [{ signals: Array.from({ length: 51 }, () => good) }, /^body\/signals$/],
    [{ signals: { 'a secret diary': 1 } }, /^body\/signals$/],
    [[good], /^body$/],
    [{}, /^body$/],
  ]
  for (const [body, place] of cases) {
    const refused = await send(source, { body: JSON.stringify(body), delivery: 'mended' })
    assert.ok([400, 422].includes(refused.status), JSON.stringify(body))
    assert.match(refused.body.errors[0].path, place)
    const [record, ...others] = await deliveriesOf(person, source)
    assert.match(String(record?.problem), new RegExp(`^${String(place).slice(2, -2)} does not fit`))
    assert.deepEqual([record?.accepted, others], [0, []])
  }
  assert.deepEqual(await rows('signals', source), [])
  assert.ok(!JSON.stringify(await rows('ingress_deliveries', source)).includes('diary'))
  assert.equal((await send(source, { delivery: 'mended' })).status, 200)
  assert.equal((await deliveriesOf(person, source))[0]?.problem, undefined)
  const after = await send(source, { delivery: 'mended', body: '{}' })
  assert.deepEqual([after.status, after.body.accepted], [200, 1], 'what was taken stays taken')
})

test('garbage and too much are refused before anything is looked up', async () => {
  const { source } = await made()
  for (const body of ['', '{', 'signals', '\0', '{"__proto__":{}}'])
    assert.equal((await send(source, { body })).status, 400, JSON.stringify(body))
  const large = JSON.stringify({ signals: [], pad: 'x'.repeat(70_000) })
  assert.equal((await send(source, { body: large })).status, 413)
  const typed = await send(source, { headers: { 'content-type': 'text/plain' } })
  assert.equal(typed.status, 415)
  assert.deepEqual(await rows('ingress_deliveries', source), [])
})

test('a source has sixty deliveries a minute, and then an answer that says how long to wait', async () => {
  const { source } = await made()
  const other = await made()
  for (let sent = 0; sent < 60; sent++) {
    if (sent < 20) assert.equal((await send({ ...source, secret: 'not it' })).status, 401)
    assert.equal((await send(source)).status, 200, 'forged ones cost the source nothing')
  }
  const refused = await send(source)
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1'])
  assert.equal((await send(other.source)).status, 200, 'each has its own')
  instance.clock.advance(1_000)
  assert.equal((await send(source)).status, 200)
})

test('what a person did not agree to, or the source may not send, is left out with a sentence; the rest is taken', async () => {
  const person = await someone('mood', 'presence')
  const source = await create(person, ['mood', 'sleep'])
  const signals = ['mood', 'sleep', 'sleep', 'idle'].map(type => ({ type, value: 0.5 }))
  const { status, body } = await send(source, { body: JSON.stringify({ signals }) })
  assert.deepEqual([status, body.accepted], [200, 1])
  assert.deepEqual(body.refused, [
    {
      type: 'sleep',
      because: 'There is no consent to sleep; agree to “Know how you slept” on the page You.',
    },
    { type: 'idle', because: 'This source may not send idle; make one that may.' },
  ])
  assert.deepEqual((await deliveriesOf(person, source))[0]?.refused, body.refused)
  assert.deepEqual(
    (await rows('signals', source)).map(row => row.type),
    ['mood'],
  )
  await answer(person, 'mood', false)
  const withdrawn = await send(source, { body: mood(1) })
  assert.deepEqual([withdrawn.status, withdrawn.body.accepted], [200, 0])
  assert.notEqual(await kept(source), 1)
})
