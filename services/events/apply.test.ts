import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { seededRandom, type Tx, transaction } from '@oo/kernel'
import { until } from '@oo/local'
import type { Envelope } from '@oo/shared-types/events'
import pg from 'pg'
import type { Subscriber } from './index.ts'
import { collector, openTestLog, quickly, shown, tipOf } from './testLog.ts'

const house = await openTestLog()
const { db, person } = house

/** Effects that a subscriber leaves in the database, in the order they were committed. */
before(async () => {
  const client = new pg.Client({ connectionString: house.database.superUrl })
  await client.connect()
  await client.query(
    'CREATE TABLE public.effects (n bigint GENERATED ALWAYS AS IDENTITY, tip text, person uuid); GRANT ALL ON public.effects TO oo_api',
  )
  await client.end()
})
after(() => house.close())
beforeEach(async () => {
  await house.clear()
  await house.rows('DELETE FROM public.effects')
})

type Effect = (tx: Tx, events: readonly Envelope[]) => Promise<void>

const writing =
  (fails: (tip: string) => boolean = () => false): Effect =>
  async (tx, events) => {
    const text = 'INSERT INTO public.effects (tip, person) SELECT * FROM unnest($1::text[], $2::uuid[])'
    await tx.$client.query(text, [events.map(tipOf), events.map(({ personId }) => personId)])
    if (events.map(tipOf).some(fails)) throw new Error('not now')
  }

const named = { name: 'writer', subjects: ['signals.tip.shown'] } as const
/** The two forms of a subscriber, for one suite. */
const forms: Record<string, (effect: Effect) => Subscriber> = {
  'one by one': effect => ({ ...named, handle: (tx, event) => effect(tx, [event]) }),
  'in batches': effect => ({ ...named, handleAll: effect }),
}
const effects = async () =>
  (await house.rows<{ tip: string }>('SELECT tip FROM public.effects ORDER BY n')).map(row => row.tip)
const held = () => house.rows('SELECT * FROM events.held')

for (const [form, subscriber] of Object.entries(forms))
  describe(form, () => {
    const writer = (fails?: (tip: string) => boolean) => subscriber(writing(fails))
    test('an event that fails holds back the later ones of its person and of nobody else', async () => {
      const events = house.open({ retries: { firstMs: 60_000, mostMs: 60_000, tries: 3 } })
      events.door.subscribe(writer(tip => tip === 'a1'))
      await events.drain()
      const [a, b] = [person(), person()]
      for (const [tip, who] of [
        ['a0', a],
        ['a1', a],
        ['b1', b],
        ['a2', a],
        ['b2', b],
      ] as const)
        await house.show(events.door, tip, who)
      await events.drain()
      assert.deepEqual(await effects(), ['a0', 'b1', 'b2'])
      await house.show(events.door, 'a3', a)
      await house.show(events.door, 'b3', b)
      await events.drain()
      assert.deepEqual(await effects(), ['a0', 'b1', 'b2', 'b3'])
      assert.equal((await held()).length, 3)
    })

    test('what failed is tried again and then its person goes on, in order', async () => {
      const events = house.open()
      let failures = 2
      events.door.subscribe(writer(tip => tip === 'a1' && failures-- > 0))
      await events.drain()
      const a = person()
      for (const tip of ['a1', 'a2', 'a3']) await house.show(events.door, tip, a)
      await until('all are applied', async () => {
        await events.drain()
        return (await effects()).length === 3
      })
      assert.deepEqual(await effects(), ['a1', 'a2', 'a3'])
      assert.equal((await held()).length, 0)
    })

    test('after its tries an event is given up with a sentence, and the later ones of its person go on', async () => {
      const events = house.open()
      events.door.subscribe(writer(tip => tip === 'a1'))
      await events.drain()
      const a = person()
      for (const tip of ['a1', 'a2']) await house.show(events.door, tip, a)
      await until('the next one is applied', async () => {
        await events.drain()
        return (await effects()).length === 1
      })
      assert.deepEqual(await effects(), ['a2'])
      const [dead] = await house.rows<{ reason: string }>('SELECT reason FROM events.dead')
      assert.equal(dead?.reason, 'writer failed 3 times. Error: not now')
      assert.match(
        String(await events.module.health?.[0]?.check(AbortSignal.timeout(1_000))),
        /1 events were given up/,
      )
    })

    test('a query that failed silently is blamed on the event whose it was', async () => {
      const events = house.open()
      events.door.subscribe(
        subscriber(async (tx, batch) => {
          if (batch.map(tipOf).includes('careless')) await tx.$client.query('SELECT 1/0').catch(() => {})
          else await writing()(tx, batch)
        }),
      )
      await events.drain()
      for (const tip of ['first', 'careless', 'next']) await house.show(events.door, tip)
      await until('the careless one was given up', async () => {
        await events.drain()
        return (await house.rows('SELECT 1 FROM events.dead')).length === 1
      })
      assert.deepEqual(await effects(), ['first', 'next'])
    })

    test('under failures at random every event has its effect once, in order per person', async () => {
      const events = house.open({ retries: { ...quickly, tries: 1_000 } })
      const chance = seededRandom(5)
      events.door.subscribe(writer(() => chance.next() < 0.15))
      await events.drain()
      const people = Array.from({ length: 6 }, person)
      for (let i = 0; i < 25; i++)
        await transaction(db, async () => {
          for (const [at, who] of people.entries()) await house.show(events.door, `${at}:${i}`, who)
        })
      await until('all are applied', async () => {
        await events.drain()
        return (await effects()).length >= 150 && (await held()).length === 0
      })
      const seen = await effects()
      assert.equal(new Set(seen).size, 150)
      assert.equal(seen.length, 150)
      for (let at = 0; at < 6; at++)
        assert.deepEqual(
          seen.filter(tip => tip.startsWith(`${at}:`)),
          Array.from({ length: 25 }, (_, i) => `${at}:${i}`),
        )
    })

    test('a place that is put back, as after a restore, applies nothing twice', async () => {
      const events = house.open()
      events.door.subscribe(writer())
      await events.drain()
      for (const tip of ['a', 'b', 'c']) await house.show(events.door, tip)
      await events.drain()
      await house.rows("UPDATE events.places SET xid = '0', seq = 0")
      const restarted = house.open()
      restarted.door.subscribe(writer())
      await restarted.drain()
      assert.deepEqual(await effects(), ['a', 'b', 'c'])
    })

    test('two processes share a subscriber without doubling and without losing', async () => {
      const processes = [house.open(), house.open()]
      for (const events of processes) events.door.subscribe(writer())
      for (const events of processes) await events.module.start?.()
      const [first, second] = processes
      assert.ok(first && second)
      const a = person()
      await until(
        'both know their subscriber',
        async () => (await house.rows('SELECT 1 FROM events.places')).length === 1,
      )
      for (let i = 0; i < 100; i++) await house.show(i % 2 ? first.door : second.door, String(i), a)
      await until('all are applied', async () => (await effects()).length >= 100)
      for (const events of processes) await events.module.stop?.()
      assert.deepEqual(
        await effects(),
        Array.from({ length: 100 }, (_, i) => String(i)),
      )
    })
  })

test('a batch with one event to blame is taken in parts, and only that one is put aside', async () => {
  const events = house.open({ retries: { firstMs: 60_000, mostMs: 60_000, tries: 3 } })
  const sizes: number[] = []
  events.door.subscribe({
    ...named,
    async handleAll(tx, batch) {
      sizes.push(batch.length)
      await writing(tip => tip === '77' || tip === '130')(tx, batch)
    },
  })
  await events.drain()
  const tips = Array.from({ length: 200 }, (_, at) => String(at))
  await transaction(db, tx =>
    events.door.appendAll(
      tx,
      tips.map(tip => ({ personId: person(), happened: shown(tip) })),
    ),
  )
  await events.drain()
  assert.deepEqual(
    await effects(),
    tips.filter(tip => tip !== '77' && tip !== '130'),
  )
  assert.equal((await held()).length, 2)
  assert.ok(sizes.length < 50, `it took ${sizes.length} batches: ${sizes}`)
})

test('batches grow while they are fast, and the next is smaller after one that was slow', async () => {
  const events = house.open()
  const sizes: number[] = []
  events.door.subscribe({
    ...named,
    async handleAll(tx, batch) {
      sizes.push(batch.length)
      if (batch.length === 200) await tx.$client.query('SELECT pg_sleep(0.15)')
    },
  })
  await events.drain()
  await transaction(db, tx =>
    events.door.appendAll(
      tx,
      Array.from({ length: 500 }, (_, at) => ({ personId: person(), happened: shown(String(at)) })),
    ),
  )
  await events.drain()
  assert.deepEqual(sizes, [50, 100, 200, 100, 50])
})

test('what another process appends is applied within a second', async () => {
  const [here, elsewhere] = [house.open(), house.open()]
  const subscriber = collector()
  here.door.subscribe(subscriber)
  await here.module.start?.()
  await until(
    'the subscriber is known',
    async () => (await house.rows('SELECT 1 FROM events.places')).length === 1,
  )
  await house.show(elsewhere.door, 'from afar')
  await until('it is applied', () => subscriber.seen.length === 1, 1_000)
  await here.module.stop?.()
})
