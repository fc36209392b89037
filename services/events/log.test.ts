import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { after, beforeEach, test } from 'node:test'
import { seededRandom, transaction } from '@oo/kernel'
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { collector, openTestLog, shown } from './testLog.ts'

const house = await openTestLog()
const { db, person } = house

after(() => house.close())
beforeEach(() => house.clear())

test('an event of a transaction that is rolled back never happened', async () => {
  const events = house.open()
  const subscriber = collector()
  events.door.subscribe(subscriber)
  await events.drain()
  await assert.rejects(
    transaction(db, async tx => {
      await events.door.append(tx, person(), shown('lost'))
      throw new Error('changed my mind')
    }),
  )
  await house.show(events.door, 'kept')
  await events.drain()
  assert.deepEqual(subscriber.seen, ['kept'])
  assert.equal(events.door.recent().length, 1)
})

test('nothing is skipped while transactions stay open and commit out of order; a poller by id alone skips', async () => {
  const events = house.open()
  const subscriber = collector()
  events.door.subscribe(subscriber)
  await events.drain()
  const chance = seededRandom(11)
  let byIdAlone = 0
  const seenByIdAlone = new Set<string>()
  const naivePoller = async () => {
    const rows = await house.rows<{ seq: number; id: string }>(
      'SELECT seq, id FROM events.log WHERE seq > $1 ORDER BY seq',
      [byIdAlone],
    )
    for (const row of rows) {
      seenByIdAlone.add(row.id)
      byIdAlone = row.seq
    }
  }

  const total = 8 * 25
  let writing = true
  const reader = (async () => {
    while (writing) {
      await events.drain()
      await naivePoller()
    }
  })()
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let i = 0; i < 25; i++)
      await transaction(db, async tx => {
        await events.door.append(tx, person(), shown(`${writer}:${i}`))
        await tx.execute(`SELECT pg_sleep(${(chance.next() * 0.02).toFixed(3)})`)
      })
  })
  await Promise.all(writers)
  writing = false
  await reader
  await events.drain()
  await naivePoller()

  assert.equal(new Set(subscriber.seen).size, total)
  assert.equal(subscriber.seen.length, total)
  for (let writer = 0; writer < 8; writer++) {
    const mine = subscriber.seen.filter(id => id.startsWith(`${writer}:`)).map(id => Number(id.split(':')[1]))
    assert.deepEqual(
      mine,
      mine.toSorted((a, b) => a - b),
    )
  }
  assert.ok(seenByIdAlone.size < total, 'the naive poller was expected to skip: the test is blind')
})

test('export tells every event of a person and of nobody else; erasure removes exactly those', async () => {
  const events = house.open()
  events.door.subscribe(collector())
  events.door.subscribe({
    name: 'refuses',
    subjects: ['signals.tip.shown'],
    handle: async () => Promise.reject(new Error('never')),
  })
  await events.drain()
  const [mine, theirs] = [person(), person()]
  for (const personId of [mine, theirs]) {
    await house.show(events.door, 'first', personId)
    await house.show(events.door, 'second', personId)
  }
  await events.drain()
  const count = async (personId: string) => {
    const [row] = await house.rows<Record<string, number>>(
      `SELECT (SELECT count(*) FROM events.log WHERE person_id = $1) AS log,
              (SELECT count(*) FROM events.held WHERE person_id = $1) AS held,
              (SELECT count(*) FROM events.dead WHERE person_id = $1) AS dead,
              (SELECT count(*) FROM events.applied) AS applied`,
      [personId],
    )
    return row
  }
  await house.rows("INSERT INTO events.dead SELECT 'other', id, person_id, '' FROM events.log")
  assert.deepEqual(await count(mine), { log: 2, held: 2, dead: 2, applied: 4 })

  const files = await events.module.exporter?.collect(mine)
  assert.equal(files?.[0]?.rows.length, 2)
  await transaction(db, tx => events.module.eraser?.erase(tx, mine) ?? Promise.reject(new Error('no eraser')))
  assert.deepEqual(await count(mine), { log: 0, held: 0, dead: 0, applied: 2 })
  assert.deepEqual(await count(theirs), { log: 2, held: 2, dead: 2, applied: 2 })
  assert.deepEqual(
    events.door.recent().map(event => event.personId),
    [theirs, theirs],
  )
})

test('an event carries the trace of what was being done, and nothing where nobody traced', async () => {
  const events = house.open()
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
  context.setGlobalContextManager(asyncLocal())
  await context.with(trace.setSpanContext(ROOT_CONTEXT, span), () => house.show(events.door, 'traced'))
  await house.show(events.door, 'untraced')
  await events.drain()
  assert.deepEqual(
    events.door.recent().map(event => event.traceParent),
    [`00-${span.traceId}-${span.spanId}-01`, ''],
  )
})

function asyncLocal(): ContextManager {
  const storage = new AsyncLocalStorage<Context>()
  return {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...given) => storage.run(active, () => Reflect.apply(work, self, given)),
    bind: (_active, target) => target,
    enable() {
      return this
    },
    disable() {
      return this
    },
  }
}
