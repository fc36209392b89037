import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { after, beforeEach, test } from 'node:test'
import {
  type Ctx,
  closePool,
  frozenClock,
  newId,
  openPool,
  seededRandom,
  silentLog,
  systemRandom,
  transaction,
} from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import type { Envelope } from '@oo/shared-types/events'
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { createEvents, type Forwarder, type Subscriber } from './index.ts'
import { relayOnce } from './relay.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 20 })
const clock = frozenClock('2026-03-01T10:00:00Z')
const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
const ctx: Ctx = { db, clock, random: systemRandom, log: silentLog, jobs }

after(async () => {
  await closePool(db)
  await database.drop()
})
beforeEach(() => db.execute('DELETE FROM events.log; DELETE FROM events.places; DELETE FROM events.dead'))

const shown = (tipId: string) => ({ case: 'tipShown', value: { tipId, decisionId: 'd' } }) as const
const person = () => newId(ctx)

function collector(name = 'collector'): Subscriber & { seen: string[] } {
  const seen: string[] = []
  const handle = async (_tx: unknown, event: Envelope) => {
    if (event.payload.case === 'tipShown') seen.push(event.payload.value.tipId)
  }
  return { name, subjects: ['signals.tip.shown'], handle, seen }
}

test('an event of a transaction that is rolled back never happened', async () => {
  const events = createEvents(ctx)
  const subscriber = collector()
  await relayOnce(ctx, subscriber)
  await assert.rejects(
    transaction(db, async tx => {
      await events.door.append(tx, person(), shown('lost'))
      throw new Error('changed my mind')
    }),
  )
  await transaction(db, tx => events.door.append(tx, person(), shown('kept')))
  await relayOnce(ctx, subscriber)
  assert.deepEqual(subscriber.seen, ['kept'])
  assert.equal(events.door.recent().length, 1)
})

test('nothing is skipped while transactions stay open and commit out of order; a poller by id alone skips', async () => {
  const events = createEvents(ctx)
  const subscriber = collector()
  await relayOnce(ctx, subscriber)
  const chance = seededRandom(11)
  let byIdAlone = 0
  const seenByIdAlone = new Set<string>()
  const naivePoller = async () => {
    const { rows } = await db.execute<{ seq: number; id: string }>(
      `SELECT seq, id FROM events.log WHERE seq > ${byIdAlone} ORDER BY seq`,
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
      await relayOnce(ctx, subscriber)
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
  while ((await relayOnce(ctx, subscriber)) > 0);
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

test('an effect and its place in the log commit together: a failing subscriber is retried, not doubled', async () => {
  const events = createEvents(ctx)
  let failures = 2
  const subscriber: Subscriber = {
    name: 'flaky',
    subjects: ['signals.tip.shown'],
    async handle(tx, event) {
      await tx.execute(
        `INSERT INTO events.dead (subscriber, event_id, reason) VALUES ('effect', '${event.id}', '')`,
      )
      if (failures-- > 0) throw new Error('not now')
    },
  }
  await relayOnce(ctx, subscriber)
  await transaction(db, tx => events.door.append(tx, person(), shown('a')))
  await assert.rejects(relayOnce(ctx, subscriber))
  await assert.rejects(relayOnce(ctx, subscriber))
  assert.equal(await relayOnce(ctx, subscriber), 1)
  assert.equal(await relayOnce(ctx, subscriber), 0)
  const { rows } = await db.execute(`SELECT 1 FROM events.dead WHERE subscriber = 'effect'`)
  assert.equal(rows.length, 1)
})

test('an event that can never be applied is put aside with its reason, and the next ones go on', async () => {
  const events = createEvents(ctx)
  const seen: string[] = []
  const subscriber: Subscriber = {
    name: 'picky',
    subjects: ['signals.tip.shown'],
    async handle(_tx, event) {
      if (event.payload.case !== 'tipShown' || event.payload.value.tipId === 'poison')
        throw new Error('never')
      seen.push(event.payload.value.tipId)
    },
  }
  await relayOnce(ctx, subscriber)
  await transaction(db, tx => events.door.append(tx, person(), shown('poison')))
  await transaction(db, tx => events.door.append(tx, person(), shown('fine')))
  const failing = { id: '', times: 0 }
  for (let i = 0; i < 8; i++) await assert.rejects(relayOnce(ctx, subscriber, failing))
  await relayOnce(ctx, subscriber, failing)
  assert.deepEqual(seen, ['fine'])
  const { rows } = await db.execute<{ reason: string }>(`SELECT reason FROM events.dead`)
  assert.match(rows[0]?.reason ?? '', /picky failed 8 times/)
})

test('export tells every event of a person and of nobody else; erasure removes exactly those', async () => {
  const events = createEvents(ctx)
  const [mine, theirs] = [person(), person()]
  await transaction(db, tx => events.door.append(tx, mine, shown('m')))
  await transaction(db, tx => events.door.append(tx, theirs, shown('t')))
  const files = await events.module.exporter?.collect(mine)
  assert.equal(files?.[0]?.rows.length, 1)
  await transaction(db, tx => events.module.eraser?.erase(tx, mine) ?? Promise.reject(new Error('no eraser')))
  const { rows } = await db.execute<{ person_id: string }>('SELECT person_id FROM events.log')
  assert.deepEqual(
    rows.map(row => row.person_id),
    [theirs],
  )
})

test('what leaves the database leaves in order, comes again when it was not taken, and never after it was', async () => {
  const events = createEvents(ctx)
  const batches: string[][] = []
  let refusals = 1
  const forwarder: Forwarder = {
    name: 'outside',
    subjects: ['signals.tip.shown'],
    async deliver(delivered) {
      batches.push(
        delivered.map(({ payload }) =>
          payload.case === 'tipShown' ? payload.value.tipId : (payload.case ?? ''),
        ),
      )
      if (refusals-- > 0) throw new Error('not now')
    },
  }
  await relayOnce(ctx, forwarder)
  for (const tipId of ['a', 'b', 'c'])
    await transaction(db, tx => events.door.append(tx, person(), shown(tipId)))
  await assert.rejects(relayOnce(ctx, forwarder))
  assert.equal(await relayOnce(ctx, forwarder), 3)
  assert.equal(await relayOnce(ctx, forwarder), 0)
  assert.deepEqual(batches, [
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ])
})

test('an event carries the trace of what was being done, and nothing where nobody traced', async () => {
  const events = createEvents(ctx)
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
  context.setGlobalContextManager(asyncLocal())
  await context.with(trace.setSpanContext(ROOT_CONTEXT, span), () =>
    transaction(db, tx => events.door.append(tx, person(), shown('traced'))),
  )
  await transaction(db, tx => events.door.append(tx, person(), shown('untraced')))
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
