import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { until } from '@oo/local'
import type { EventsParts, Forwarder } from './index.ts'
import { StartOver } from './startOver.ts'
import { openTestLog, quickly, tipOf } from './testLog.ts'

const house = await openTestLog()
const { person } = house

after(() => house.close())
beforeEach(() => house.clear())

/** Takes batches unless told otherwise, and remembers them. */
function outside(refuses: (tips: readonly string[]) => boolean = () => false) {
  const batches: string[][] = []
  const taken: string[] = []
  const forwarder: Forwarder = {
    name: 'outside',
    subjects: ['signals.tip.shown'],
    async deliver(events) {
      const tips = events.map(tipOf)
      batches.push(tips)
      if (refuses(tips)) throw new Error('not now')
      taken.push(...tips)
    },
  }
  return { forwarder, batches, taken }
}

async function known(events: EventsParts): Promise<void> {
  await events.drain()
  assert.equal((await house.rows('SELECT 1 FROM events.places')).length, 1)
}
const held = async () => (await house.rows('SELECT 1 FROM events.held')).length
const drained = (events: EventsParts) => events.drain().catch(() => {})

test('what leaves the database leaves in order and in batches, and once it was taken never again', async () => {
  const events = house.open()
  const { forwarder, batches } = outside()
  events.door.forward(forwarder)
  await known(events)
  for (const tip of ['a', 'b', 'c']) await house.show(events.door, tip)
  await events.drain()
  await events.drain()
  assert.deepEqual(batches, [['a', 'b', 'c']])
})

test('while the outside takes nothing, nothing is blamed, nothing is put aside and the order stays', async () => {
  const events = house.open()
  let isDown = true
  const { forwarder, taken } = outside(() => isDown)
  events.door.forward(forwarder)
  await known(events)
  const people = Array.from({ length: 5 }, person)
  const tips = Array.from({ length: 40 }, (_, i) => String(i))
  for (const [i, tip] of tips.entries()) await house.show(events.door, tip, people[i % 5])
  for (let i = 0; i < 10; i++) await assert.rejects(events.drain(), /not now/)
  assert.equal(await held(), 0)
  isDown = false
  await events.drain()
  assert.deepEqual(taken, tips)
})

test('one event that is never taken holds back its person only, and is given up in the end', async () => {
  const events = house.open()
  const { forwarder, taken } = outside(tips => tips.includes('poison'))
  events.door.forward(forwarder)
  await known(events)
  const [a, b] = [person(), person()]
  for (let i = 0; i < 20; i++) await house.show(events.door, `b${i}`, b)
  await house.show(events.door, 'poison', a)
  await house.show(events.door, 'a1', a)
  for (let i = 20; i < 40; i++) await house.show(events.door, `b${i}`, b)
  await drained(events)
  assert.deepEqual(
    taken.filter(tip => tip.startsWith('b')),
    Array.from({ length: 40 }, (_, i) => `b${i}`),
  )
  assert.ok(!taken.includes('a1'))
  await until('the poison is given up', async () => {
    await house.show(events.door, 'more', b)
    await drained(events)
    return taken.includes('a1') && (await held()) === 0
  })
  const [dead] = await house.rows<{ reason: string }>('SELECT reason FROM events.dead')
  assert.match(dead?.reason ?? '', /outside failed \d times. Error: not now/)
})

test('an event that waits for another try is not given up while nothing else passes either', async () => {
  const events = house.open()
  const down = new Set(['poison'])
  const { forwarder, taken } = outside(tips => tips.some(tip => down.has(tip)))
  events.door.forward(forwarder)
  await known(events)
  await house.show(events.door, 'poison')
  await house.show(events.door, 'other')
  await drained(events)
  assert.equal(await held(), 1)
  for (let i = 0; i < 3 * quickly.tries; i++) {
    await house.rows('UPDATE events.held SET next_try_at = now()')
    await drained(events)
  }
  assert.equal((await house.rows('SELECT 1 FROM events.dead')).length, 0)
  down.clear()
  await house.rows('UPDATE events.held SET next_try_at = now()')
  await events.drain()
  assert.deepEqual(taken, ['other', 'poison'])
})

test('one process delivers at a time; when it is gone another takes over, and what it had taken is not sent again', async () => {
  const [first, second] = [house.open(), house.open()]
  const here = outside()
  const there = outside()
  first.door.forward(here.forwarder)
  second.door.forward(there.forwarder)
  await first.module.start?.()
  await until(
    'the first has the lease',
    async () => (await house.rows('SELECT 1 FROM events.places WHERE owner IS NOT NULL')).length === 1,
  )
  await second.module.start?.()
  await house.show(second.door, 'one')
  await until('it is taken', () => here.taken.length === 1)
  assert.equal(there.batches.length, 0)
  await first.module.stop?.()
  await house.show(second.door, 'two')
  await until('the other one took over', () => there.taken.length === 1)
  assert.deepEqual([here.taken, there.taken], [['one'], ['two']])
  await second.module.stop?.()
})

test('a delivery that hangs and does not listen is left behind when the process stops', async () => {
  const events = house.open()
  let began = false
  events.door.forward({
    name: 'hangs',
    subjects: ['signals.tip.shown'],
    deliver: () => {
      began = true
      return new Promise(() => {})
    },
  })
  await known(events)
  await events.module.start?.()
  await house.show(events.door, 'a')
  await until('it hangs', () => began)
  const began2 = performance.now()
  await events.module.stop?.()
  assert.ok(performance.now() - began2 < 1_000)
})

test('a forwarder whose target lost everything is given the log from its beginning', async () => {
  const events = house.open()
  const { forwarder, taken } = outside()
  const firsts: string[][] = []
  let isEmpty = false
  events.door.forward({
    ...forwarder,
    async deliver(delivered, signal, part) {
      if (isEmpty) {
        isEmpty = false
        throw new StartOver('it is empty')
      }
      if (part.isFirst) firsts.push(delivered.map(tipOf))
      await forwarder.deliver(delivered, signal, part)
    },
  })
  await known(events)
  for (const tip of ['a', 'b']) await house.show(events.door, tip)
  await events.drain()
  isEmpty = true
  await house.show(events.door, 'c')
  await events.drain()
  assert.deepEqual(taken, ['a', 'b', 'a', 'b', 'c'])
  assert.deepEqual(firsts, [['a', 'b', 'c']], 'it is told which batch is the first of all')
})

test('the end of the log is told only when nothing before it waits', async () => {
  const events = house.open()
  const { forwarder } = outside()
  const ends: string[] = []
  let refuses = 'poison'
  events.door.forward({
    ...forwarder,
    async deliver(delivered, signal, part) {
      if (delivered.map(tipOf).includes(refuses)) throw new Error('not now')
      await forwarder.deliver(delivered, signal, part)
      if (part.isLast) ends.push(delivered.map(tipOf).join())
    },
  })
  await known(events)
  await house.show(events.door, 'a')
  await events.drain()
  for (const tip of ['poison', 'b', 'c']) await house.show(events.door, tip)
  await drained(events)
  assert.equal(await held(), 1)
  assert.deepEqual(ends, ['a'], 'the poison comes later')
  refuses = ''
  await house.rows('UPDATE events.held SET next_try_at = now()')
  await events.drain()
  await house.show(events.door, 'd')
  await events.drain()
  assert.deepEqual(ends, ['a', 'd'])
})

test('a target that is found empty by another try of an event is given the log from its beginning too', async () => {
  const events = house.open()
  const { forwarder, taken } = outside()
  let answer: 'takes' | 'refuses' | 'is empty' = 'takes'
  events.door.forward({
    ...forwarder,
    async deliver(delivered, signal, part) {
      if (answer === 'is empty' && !part.isFirst) throw new StartOver('it is empty')
      if (answer === 'refuses' && delivered.map(tipOf).includes('poison')) throw new Error('not now')
      await forwarder.deliver(delivered, signal, part)
    },
  })
  await known(events)
  await house.show(events.door, 'a')
  await events.drain()
  answer = 'refuses'
  await house.show(events.door, 'poison')
  await house.show(events.door, 'b')
  await drained(events)
  assert.equal(await held(), 1)
  await house.rows('UPDATE events.held SET next_try_at = now()')
  taken.length = 0
  answer = 'is empty'
  await drained(events)
  answer = 'takes'
  await house.rows('UPDATE events.held SET next_try_at = now()')
  await events.drain()
  assert.deepEqual(new Set(taken), new Set(['a', 'b', 'poison']))
})

test('whoever takes over while the log is told from its beginning goes on there, whatever it knew before', async () => {
  const [first, second] = [house.open(), house.open()]
  const there = outside()
  const here = outside()
  first.door.forward(here.forwarder)
  second.door.forward(there.forwarder)
  await known(first)
  for (const tip of ['a', 'b']) await house.show(first.door, tip)
  await first.drain()
  await house.rows('UPDATE events.places SET owner = NULL')
  await second.drain()
  assert.deepEqual(there.taken, [], 'it knows the place now, and that nothing is left')
  // The first one starts over, for an event that the second one has not looked at when it is sent away.
  await house.rows(
    `UPDATE events.places SET xid = '0', seq = 0, owner = 'first', leased_until = now() + interval '1 hour'`,
  )
  await house.show(first.door, 'c')
  await assert.rejects(
    Promise.race([second.drain(), new Promise((_, no) => setTimeout(no, 300, new Error('busy')))]),
  )
  await house.rows('UPDATE events.places SET owner = NULL')
  await until('the second one took over', () => there.taken.length === 3)
  assert.deepEqual(there.taken, ['a', 'b', 'c'])
})
