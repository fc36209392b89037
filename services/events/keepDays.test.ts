import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import type { EventsParts, LogDay } from './index.ts'
import { dropDays, type Keeping, makeDays } from './keepDays.ts'
import { listDays, makeDay } from './store/days.ts'
import { collector, openTestLog, quickly } from './testLog.ts'

const house = await openTestLog()
const { clock, ctx } = house
const dayMs = 86_400_000

after(() => house.close())
beforeEach(async () => {
  await house.clear()
  clock.set('2026-03-01T10:00:00Z')
})

async function keep(more: Partial<Keeping> = {}): Promise<void> {
  await makeDays({ ctx })
  await dropDays({ ctx, retentionDays: 30, beforeDrop: [], enrol: async () => {}, ...more })
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
  assert.deepEqual([days[0], days.at(-1)], ['2026-02-28', '2026-03-08'])
  const [row] = await house.rows<{ at: string }>('SELECT tableoid::regclass::text AS at FROM events.log')
  assert.equal(row?.at, 'events.log_20260301')
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
  clock.advance(30 * dayMs)
  await keep()
  assert.equal(await tips(), 1)
  clock.advance(dayMs)
  await keep()
  assert.equal(await tips(), 0)
  assert.equal((await house.rows('SELECT 1 FROM events.applied')).length, 0)
  assert.ok(!(await listDays(house.db)).includes('2026-03-01'))
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
  clock.advance(31 * dayMs)
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
  clock.advance(31 * dayMs)
  await keep()
  assert.equal(await tips(), 0)
})

test('who must keep something of a day is asked first; failing keeps the day', async () => {
  const events = house.open()
  await keep()
  await house.show(events.door, 'old')
  clock.advance(31 * dayMs)
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
    if (day < '2026-03-01') await house.rows('SELECT events.drop_day($1::date, now())', [day])
  await assert.rejects(keep({ beforeDrop }), /no snapshot yet/)
  assert.equal(await tips(), 1)
  fails = false
  await keep({ beforeDrop })
  assert.equal(await tips(), 0)
  assert.equal(asked[0]?.from.toISOString(), '2026-03-01T00:00:00.000Z')
  assert.equal(asked[0]?.to.toISOString(), '2026-03-02T00:00:00.000Z')
})

test('old events without a day of their own go too', async () => {
  const events = house.open()
  clock.set('2025-12-24T18:00:00Z')
  await house.show(events.door, 'old')
  clock.set('2026-03-01T10:00:00Z')
  await keep()
  await keep()
  assert.equal(await tips(), 0)
})

test('an event that is appended while its day is made is kept', async () => {
  const events = house.open()
  const days = Array.from({ length: 12 }, (_, i) => 100 + i)
  let made = false
  const writers = Array.from({ length: 4 }, async () => {
    let count = 0
    while (!made) {
      clock.set(new Date(Date.parse('2026-03-01') + (days[count % days.length] ?? 0) * dayMs))
      await house.show(events.door, String(count))
      count += 1
    }
    return count
  })
  for (const day of days) {
    const name = new Date(Date.parse('2026-03-01') + day * dayMs).toISOString().slice(0, 10)
    await makeDay(house.db, name)
  }
  made = true
  const written = await Promise.all(writers)
  assert.equal(
    await tips(),
    written.reduce((sum, count) => sum + count, 0),
  )
})
