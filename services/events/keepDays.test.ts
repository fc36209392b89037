import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { openLog } from '@oo/kernel'
import { openClockWatch } from './clockWatch.ts'
import type { EventsParts, LogDay } from './index.ts'
import { dropDays, givingWay, type Keeping, makeDays } from './keepDays.ts'
import { dropDay, listDays, makeDay } from './store/days.ts'
import { collector, openTestLog, quickly } from './testLog.ts'

const house = await openTestLog()
const { clock, ctx } = house
const dayMs = 86_400_000
const hourMs = 3_600_000

after(() => house.close())
beforeEach(async () => {
  await house.clear()
  clock.set('2025-03-01T10:00:00Z')
})

let steadyMs = 0
const watch = openClockWatch(() => steadyMs)

/** Time goes by, on every clock alike. */
function pass(ms: number): void {
  clock.advance(ms)
  steadyMs += ms
}
async function keep(more: Partial<Keeping> = {}): Promise<void> {
  await makeDays({ ctx })
  await dropDays({ ctx, retentionDays: 30, watch, beforeDrop: [], enrol: async () => {}, ...more })
}
const tips = async () => (await house.rows('SELECT 1 FROM events.log')).length

async function read(events: EventsParts): Promise<void> {
  await events.drain()
  await house.rows("UPDATE events.places SET xid = '9000000', seq = 0 WHERE subscriber = 'collector'")
}

test('days are made ahead, and what waited in the default partition moves to its day', async () => {
  const events = house.open()
  await house.show(events.door, 'early')
  await keep()
  const days = await listDays(house.db)
  assert.deepEqual([days[0], days.at(-1)], ['2025-02-28', '2025-03-08'])
  const [row] = await house.rows<{ at: string }>('SELECT tableoid::regclass::text AS at FROM events.log')
  assert.equal(row?.at, 'events.log_20250301')
  await keep()
  assert.deepEqual(await listDays(house.db), days)
})

test('an event of a day without a partition is kept all the same, and read in order', async () => {
  const events = house.open()
  const subscriber = collector()
  events.door.subscribe(subscriber)
  await events.drain()
  await keep()
  await house.show(events.door, 'today')
  clock.advance(400 * dayMs)
  await house.show(events.door, 'far ahead')
  clock.set('1999-05-05T00:00:00Z')
  await house.show(events.door, 'long ago')
  await events.drain()
  assert.deepEqual(subscriber.seen, ['today', 'far ahead', 'long ago'])
})

test('a day goes after its time, with what was applied of it, and not a day sooner', async () => {
  const events = house.open()
  events.door.subscribe(collector())
  await events.drain()
  await keep()
  await house.show(events.door, 'old')
  await read(events)
  pass(30 * dayMs)
  await keep()
  assert.equal(await tips(), 1)
  pass(dayMs)
  await keep()
  assert.equal(await tips(), 0)
  assert.equal((await house.rows('SELECT 1 FROM events.applied')).length, 0)
  assert.ok(!(await listDays(house.db)).includes('2025-03-01'))
})

test('a day stays while a subscriber has not read it or an event of it is held', async () => {
  const events = house.open({ retries: { ...quickly, firstMs: 60_000, mostMs: 60_000 } })
  events.door.subscribe(collector())
  events.door.subscribe({
    name: 'refuses',
    subjects: ['signals.tip.shown'],
    handle: () => Promise.reject(new Error('never')),
  })
  await events.drain()
  await keep()
  await house.show(events.door, 'old')
  pass(31 * dayMs)
  await keep()
  assert.equal(await tips(), 1, 'nobody has read it')
  await read(events)
  await keep()
  assert.equal(await tips(), 1, 'it is held')
  await house.rows('DELETE FROM events.held')
  await keep()
  assert.equal(await tips(), 0)
})

test('a subscriber that no process knows any more holds back no day', async () => {
  const events = house.open()
  await keep()
  await house.rows(
    "INSERT INTO events.places (subscriber, xid, seq, seen_at) VALUES ('gone', '3', 0, now() - interval '31 days')",
  )
  await house.show(events.door, 'old')
  pass(31 * dayMs)
  await keep()
  assert.equal(await tips(), 0)
})

test('who must keep something of a day is asked first; failing keeps the day', async () => {
  const events = house.open()
  await keep()
  await house.show(events.door, 'old')
  pass(31 * dayMs)
  const asked: LogDay[] = []
  let fails = true
  const beforeDrop = [
    async (day: LogDay) => {
      asked.push(day)
      if (fails) throw new Error('no snapshot yet')
    },
  ]
  await house.rows('UPDATE events.places SET xid = 9000000::text::xid8')
  for (const day of await listDays(house.db))
    if (day < '2025-03-01') await house.rows('SELECT events.drop_day($1::date, now())', [day])
  await assert.rejects(keep({ beforeDrop }), /no snapshot yet/)
  assert.equal(await tips(), 1)
  fails = false
  await keep({ beforeDrop })
  assert.equal(await tips(), 0)
  assert.equal(asked[0]?.from.toISOString(), '2025-03-01T00:00:00.000Z')
  assert.equal(asked[0]?.to.toISOString(), '2025-03-02T00:00:00.000Z')
})

test('old events without a day of their own go too', async () => {
  const events = house.open()
  clock.set('2024-12-24T18:00:00Z')
  await house.show(events.door, 'old')
  clock.set('2025-03-01T10:00:00Z')
  await keep()
  pass(dayMs)
  await keep()
  assert.equal(await tips(), 0)
})

test('a clock that jumps forward drops nothing for a day, also when what happens next bears its time', async () => {
  const events = house.open()
  events.door.subscribe(collector())
  await events.drain()
  await keep()
  await house.show(events.door, 'needed')
  await read(events)
  const warned: string[] = []
  const log = openLog('test', { destination: { write: line => void warned.push(line) } })
  const keepAloud = () => keep({ ctx: { ...ctx, log } })
  clock.advance(40 * dayMs)
  await house.show(events.door, 'bears its time')
  await read(events)
  await keepAloud()
  pass(dayMs - hourMs)
  await keepAloud()
  assert.equal(await tips(), 2)
  assert.equal(warned.length, 2)
  assert.match(warned[0] ?? '', /no day of the event log is dropped: .* the clock may have jumped/)
  pass(hourMs)
  await keepAloud()
  assert.equal(await tips(), 1, 'a clock that runs evenly for a day is right')
  assert.equal(warned.length, 2)
})

test('after a start, what happened the day before speaks for the clock', async () => {
  const events = house.open()
  await keep()
  await house.show(events.door, 'old')
  clock.advance(31 * dayMs)
  await house.show(events.door, 'yesterday')
  clock.advance(1.5 * dayMs)
  await read(events)
  await keep({ watch: openClockWatch(() => 0) })
  assert.equal(await tips(), 1)
})

test('a clock that is ahead of the database drops nothing that the database takes for new', async () => {
  const events = house.open()
  clock.set(new Date())
  await keep()
  await house.show(events.door, 'new')
  pass(100 * dayMs)
  await keep()
  pass(dayMs)
  await keep()
  assert.equal(await tips(), 1)
})

test('an append hardly waits while a day is made or dropped behind a long reading transaction', async () => {
  const events = house.open()
  await keep()
  const reader = await house.db.$client.connect()
  try {
    await reader.query('BEGIN')
    await reader.query('SELECT count(*) FROM events.log')
    const inTheWay: (() => Promise<unknown>)[] = [
      () => makeDay(house.db, '2025-06-01'),
      () => dropDay(house.db, '2025-02-28', 30),
    ]
    for (const work of inTheWay) {
      let longestMs = 0
      let over = false
      const refused = assert.rejects(givingWay(work), /lock timeout/)
      const done = refused.finally(() => {
        over = true
      })
      while (!over) {
        const began = performance.now()
        await house.show(events.door, 'meanwhile')
        longestMs = Math.max(longestMs, performance.now() - began)
      }
      await done
      assert.ok(longestMs < 500, `an append took ${longestMs} ms`)
    }
  } finally {
    await reader.query('ROLLBACK')
    reader.release()
  }
  await makeDay(house.db, '2025-06-01')
  assert.equal(await dropDay(house.db, '2025-02-28', 30), null)
})

test('an event that is appended while its day is made is kept', async () => {
  const events = house.open()
  const days = Array.from({ length: 12 }, (_, i) => 100 + i)
  let made = false
  const writers = Array.from({ length: 4 }, async () => {
    let count = 0
    while (!made) {
      clock.set(new Date(Date.parse('2025-03-01') + (days[count % days.length] ?? 0) * dayMs))
      await house.show(events.door, String(count))
      count += 1
    }
    return count
  })
  for (const day of days) {
    const name = new Date(Date.parse('2025-03-01') + day * dayMs).toISOString().slice(0, 10)
    await givingWay(() => makeDay(house.db, name))
  }
  made = true
  const written = await Promise.all(writers)
  assert.equal(
    await tips(),
    written.reduce((sum, count) => sum + count, 0),
  )
})
