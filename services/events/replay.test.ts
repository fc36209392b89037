import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { transaction } from '@oo/kernel'
import { until } from '@oo/local'
import { collector, openTestLog, tipOf } from './testLog.ts'

const house = await openTestLog()
const { clock, person } = house

after(() => house.close())
beforeEach(async () => {
  await house.clear()
  clock.set('2026-03-01T10:00:00Z')
})

const whole = { from: new Date('2026-01-01'), to: new Date('2027-01-01') }
const state = () =>
  house.rows(`SELECT (SELECT jsonb_agg(h ORDER BY event_id) FROM events.held h) AS held,
                     (SELECT jsonb_agg(d ORDER BY event_id) FROM events.dead d) AS dead,
                     (SELECT jsonb_agg(a ORDER BY event_id) FROM events.applied a) AS applied,
                     (SELECT jsonb_agg(p) FROM events.places p) AS places`)

test('a replay of what was applied is a no-op, however often', async () => {
  const events = house.open()
  const subscriber = collector()
  events.door.subscribe(subscriber)
  await events.drain()
  for (const tip of ['a', 'b']) await house.show(events.door, tip)
  await events.drain()
  for (let i = 0; i < 2; i++) {
    const { subscribers } = await events.console.replay({ ...whole, dryRun: false })
    assert.deepEqual(subscribers, [
      { subscriber: 'collector', handedOn: 0, alreadyApplied: 2, waiting: 0, ahead: 0 },
    ])
    await events.drain()
  }
  assert.deepEqual(subscriber.seen, ['a', 'b'])
})

test('a new subscriber is given the past by a replay, in order; the dry run before it changes nothing', async () => {
  const events = house.open()
  const people = [person(), person(), person()]
  for (let i = 0; i < 30; i++) await house.show(events.door, String(i), people[i % 3])
  const late = collector('late')
  events.door.subscribe(late)
  await events.drain()
  await house.show(events.door, '30', people[0])
  const before = await state()
  const counted = await events.console.replay({ ...whole, subscriber: 'late', dryRun: true })
  assert.deepEqual(counted, {
    dryRun: true,
    events: 31,
    subscribers: [{ subscriber: 'late', handedOn: 30, alreadyApplied: 0, waiting: 0, ahead: 1 }],
  })
  assert.deepEqual(await state(), before)
  const done = await events.console.replay({ ...whole, subscriber: 'late', dryRun: false })
  assert.deepEqual(done.subscribers, counted.subscribers)
  await events.drain()
  assert.equal(late.seen.length, 31)
  for (let at = 0; at < 3; at++) {
    const mine = late.seen.map(Number).filter(tip => tip % 3 === at)
    assert.deepEqual(
      mine,
      mine.toSorted((a, b) => a - b),
    )
  }
})

test('a dead letter is applied by a replay once its cause is mended', async () => {
  const events = house.open()
  let isBroken = true
  const seen: string[] = []
  events.door.subscribe({
    name: 'fragile',
    subjects: ['signals.tip.shown'],
    async handle(_tx, event) {
      if (isBroken) throw new Error('broken')
      seen.push(tipOf(event))
    },
  })
  await events.drain()
  await house.show(events.door, 'a')
  await until('it is given up', async () => {
    await events.drain()
    return (await house.rows('SELECT 1 FROM events.dead')).length === 1
  })
  isBroken = false
  await house.show(events.door, 'b')
  await events.drain()
  const { dead } = await events.console.listDead({ limit: 10 })
  assert.equal(dead[0]?.subject, 'signals.tip.shown')
  await events.console.replay({ ...whole, deadOnly: true, dryRun: false })
  await events.drain()
  assert.deepEqual(seen, ['b', 'a'])
  assert.deepEqual((await events.console.listDead({ limit: 10 })).dead, [])
})

test('one event by its id; an id, a name or a time that means nothing is refused with a sentence', async () => {
  const events = house.open()
  events.door.subscribe(collector())
  await house.show(events.door, 'a')
  await events.drain()
  const [row] = await house.rows<{ id: string }>('SELECT id FROM events.log')
  const id = row?.id ?? ''
  const { subscribers } = await events.console.replay({ id, dryRun: false })
  assert.equal(subscribers[0]?.handedOn, 1)
  await assert.rejects(events.console.replay({ id: person(), dryRun: true }), /no such event/)
  await assert.rejects(
    events.console.replay({ id, subscriber: 'nobody', dryRun: true }),
    /Nobody of this name/,
  )
  await assert.rejects(
    events.console.replay({ from: whole.to, to: whole.from, dryRun: true }),
    /ends before it begins/,
  )
})

test('the log is listed newest first, by page, for a subject or a person', async () => {
  const events = house.open()
  const [a, b] = [person(), person()]
  for (let i = 0; i < 12; i++) await house.show(events.door, String(i), i % 2 ? a : b)
  await transaction(house.db, tx =>
    events.door.append(tx, a, { case: 'pauseChanged', value: { paused: true } }),
  )
  await house.show(events.door, '12', b)
  const all = async (filter: { subject?: string; personId?: string }) => {
    const found: unknown[] = []
    let before: string | undefined
    do {
      const page = await events.console.list({ ...filter, limit: 5, ...(before && { before }) })
      found.push(...page.events.map(event => event.payload.tipId ?? event.subject))
      before = page.next
    } while (before)
    return found
  }
  const tips = Array.from({ length: 12 }, (_, i) => String(11 - i))
  assert.deepEqual(await all({}), ['12', 'profile.pause.changed', ...tips])
  assert.deepEqual(await all({ subject: 'profile.pause.changed' }), ['profile.pause.changed'])
  assert.deepEqual(await all({ personId: a }), ['profile.pause.changed', '11', '9', '7', '5', '3', '1'])
})

test('who watches sees what any process appends, resumes where it was, and is told what it missed', async () => {
  const [here, elsewhere] = [house.open(), house.open()]
  await here.module.start?.()
  await house.show(elsewhere.door, 'before')
  await until('it is read', () => here.door.recent().length === 1)
  const stop = new AbortController()
  const watching = here.console.watch({}, stop.signal)[Symbol.asyncIterator]()
  const next = watching.next()
  await house.show(elsewhere.door, 'during')
  const first = await next
  assert.equal(first.value?.data.event?.payload.tipId, 'during')
  stop.abort()
  assert.equal((await watching.next()).done, true)

  await house.show(here.door, 'meanwhile')
  const again = here.console.watch({ after: first.value?.id ?? '' }, AbortSignal.timeout(10_000))
  for await (const { data } of again) {
    assert.equal(data.event?.payload.tipId, 'meanwhile')
    break
  }
  for await (const { data } of here.console.watch({ after: person() }, AbortSignal.timeout(10_000))) {
    assert.equal(data.missed, true)
    break
  }
  await here.module.stop?.()
})
