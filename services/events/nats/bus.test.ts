// One suite for both ways in which events travel: what holds in process must hold through JetStream.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import {
  type Ctx,
  closePool,
  newId,
  openPool,
  silentLog,
  systemClock,
  systemRandom,
  transaction,
} from '@oo/kernel'
import { createTestDatabase, until } from '@oo/local'
import { type Apply, type Bus, inProcessBus, jetStreamBus } from './testBuses.ts'

const busMs = 20_000
const folder = mkdtempSync(join(tmpdir(), 'oo-bus-'))
const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 12 })
const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
const ctx: Ctx = { db, clock: systemClock, random: systemRandom, log: silentLog, jobs }

after(async () => {
  await closePool(db)
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const buses = {
  'in process': () => inProcessBus(ctx),
  JetStream: () => jetStreamBus(ctx, join(folder, 'nats')),
}

for (const [name, open] of Object.entries(buses)) {
  const people = Array.from({ length: 5 }, () => newId(ctx))
  let bus: Bus
  /** What the consumer was given, and its effect: applied once by the event's id. */
  let delivered: { id: string; person: string; n: number }[]
  let applied: Map<string, { person: string; n: number }>
  /** Events are numbered through; those before `base` belong to the tests before. */
  let written = 0
  let base = 0

  const apply: Apply = async event => {
    assert.ok(event.payload.case === 'tipShown')
    const row = { person: event.personId, n: Number(event.payload.value.tipId) }
    // A new stream is filled from the log's beginning, where the events of the other bus are too.
    if (row.n < base || !people.includes(row.person)) return
    delivered.push({ id: event.id, ...row })
    if (!applied.has(event.id)) applied.set(event.id, row)
  }
  const write = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const person = people[written % people.length] ?? ''
      const happened = { case: 'tipShown', value: { tipId: String(written), decisionId: 'd' } } as const
      await transaction(db, tx => bus.events().door.append(tx, person, happened))
      written += 1
    }
  }
  const allApplied = () => until('all are applied', () => applied.size === written - base, busMs)
  const assertInOrder = () => {
    for (const person of people) {
      const mine = [...applied.values()].filter(row => row.person === person).map(({ n }) => n)
      assert.deepEqual(
        mine,
        mine.toSorted((a, b) => a - b),
      )
    }
    assert.equal(applied.size, written - base)
  }

  describe(name, () => {
    before(async () => {
      bus = await open()
      await write(1)
    })
    after(() => bus.close())
    beforeEach(async () => {
      await bus.killConsumer()
      delivered = []
      applied = new Map()
      base = written
    })

    test('every event is delivered, in order for each person', async () => {
      await bus.consume(apply)
      await write(60)
      await allApplied()
      assertInOrder()
    })

    test('what fails comes again, and its effect happens once', async () => {
      const failedOnce = new Set<string>()
      await bus.consume(async event => {
        await apply(event)
        if (failedOnce.has(event.id)) return
        failedOnce.add(event.id)
        throw new Error('died after the effect, before it could say so')
      })
      await write(5)
      await allApplied()
      await until('all came twice', () => delivered.length >= 2 * (written - base), busMs)
      assertInOrder()
    })

    test('a consumer that dies in the middle is followed by one that goes on', async () => {
      let dying: Promise<void> | undefined
      await bus.consume(async event => {
        if (delivered.length === 10) dying ??= bus.killConsumer()
        if (dying) throw new Error('dead')
        await apply(event)
      })
      await write(30)
      await until('it died', () => dying !== undefined, busMs)
      await dying
      assert.ok(applied.size < written - base)
      await bus.consume(apply)
      await allApplied()
      assertInOrder()
    })

    test('what happens while the bus is away arrives when it is back', async () => {
      await bus.consume(apply)
      await write(10)
      await bus.outage()
      await write(40)
      await bus.back()
      await allApplied()
      assertInOrder()
    })

    test('a bus that lost everything is filled again from the log', async () => {
      await bus.consume(apply)
      await write(20)
      await allApplied()
      const before = delivered.length
      await bus.wipe()
      await write(1)
      await bus.consume(apply)
      await until('all came again', () => delivered.length - before >= written - base, busMs)
      assertInOrder()
    })
  })
}
