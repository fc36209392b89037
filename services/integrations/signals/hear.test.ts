import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { timestampDate } from '@bufbuild/protobuf/wkt'
import { Problem, transaction } from '@oo/kernel'
import { until } from '@oo/local'
import { purposes } from '@oo/profile'
import type { Purpose } from '@oo/shared-types'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { type House, openHouse, requestBy, type Someone } from '../testHouse.ts'
import { hear } from './hear.ts'
import type { Told } from './signal.ts'
import { signalsOf } from './store.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.events.drain()
})
after(() => house.stop())

const place = '0190f3a2-6e11-7c3a-9d10-5a2b9c7e1f00'
const all: Purpose[] = ['mood', 'sleep', 'calendar', 'presence']

async function answer(someone: Someone, purpose: Purpose, granted: boolean) {
  const body = { purpose, version: purposes[purpose].version, granted }
  await house.profile.module.handlers.putConsent(requestBy<'putConsent'>(someone, { body }))
}

async function agreed(to: Purpose[] = all) {
  const someone = await house.person()
  for (const purpose of to) await answer(someone, purpose, true)
  return someone
}

const ctxOf = () => ({ clock: house.clock, profiles: house.profile.door, events: house.events.door })

const tell = (someone: Someone, signals: Told[], source = 'page') =>
  transaction(house.db, tx => hear(ctxOf(), tx, someone.id, { source, signals }))

const kept = async (someone: Someone) =>
  (await signalsOf(house.db, someone.id))
    .map(({ type, source, value, placeId }) => [type, source, value ?? placeId])
    .toSorted()

const ago = (ms: number) => new Date(house.clock.now().getTime() - ms)

async function happened(someone: Someone) {
  const rows = await house.rows(
    "SELECT envelope FROM events.log WHERE person_id = $1 AND subject LIKE 'signals.%' ORDER BY seq",
    [someone.id],
  )
  return rows.map(row => fromBinary(EnvelopeSchema, row.envelope).payload)
}

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Problem, `it was not refused: ${error}`)
  return error
}

describe('what is told of the moment', () => {
  test('is kept as one number each, and told as one event a family', async () => {
    const ada = await agreed()
    const measuredAt = ago(60_000)
    const heard = await tell(ada, [
      { type: 'mood', value: -0.5, measuredAt },
      { type: 'sleep', value: 0.8, measuredAt },
      { type: 'visible', value: true, measuredAt },
      { type: 'place', value: place, measuredAt },
    ])
    assert.deepEqual(heard, { kept: ['mood', 'sleep', 'visible', 'place'], without: [] })
    assert.deepEqual(await kept(ada), [
      ['mood', 'page', -0.5],
      ['place', 'page', place],
      ['sleep', 'page', 0.8],
      ['visible', 'page', 1],
    ])
    const [mood, health, context, ...more] = await happened(ada)
    assert.ok(mood?.case === 'moodReported' && health?.case === 'healthReported' && more.length === 0)
    assert.ok(context?.case === 'contextReported')
    assert.equal(mood.value.mood, -1)
    assert.deepEqual(mood.value.measuredAt && timestampDate(mood.value.measuredAt), measuredAt)
    assert.deepEqual([health.value.source, health.value.measures], ['page', 1])
    assert.deepEqual(context.value.types, ['visible', 'place'])
    assert.deepEqual([context.value.visible, context.value.placeId], [true, place])
  })

  test('without a consent is dropped and nothing is told; the rest is kept', async () => {
    const ada = await agreed(['mood'])
    const heard = await tell(ada, [
      { type: 'sleep', value: 0.1 },
      { type: 'mood', value: 1 },
      { type: 'idle', value: 5 },
    ])
    assert.deepEqual(heard, { kept: ['mood'], without: ['sleep', 'presence'] })
    assert.deepEqual(await kept(ada), [['mood', 'page', 1]])
    assert.deepEqual(
      (await happened(ada)).map(event => event.case),
      ['moodReported'],
    )
  })

  test('does not outlast a consent that is withdrawn while it is being kept', async () => {
    const ada = await agreed()
    let withdrawn: Promise<void> | undefined
    /** Between what was asked and what is kept, the person says no: it waits, or everything that hears of it is done. */
    const profiles: typeof house.profile.door = {
      ...house.profile.door,
      async consentsNow(...asked) {
        const consents = await house.profile.door.consentsNow(...asked)
        let isOver = false
        withdrawn = answer(ada, 'mood', false)
          .then(() => house.events.drain())
          .finally(() => {
            isOver = true
          })
        await until('the answer waits, or is heard of', async () => {
          const waiting = await house.rows(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
          return isOver || waiting.length > 0
        })
        return consents
      },
    }
    const told = { source: 'page', signals: [{ type: 'mood', value: 1 }] }
    await transaction(house.db, tx => hear({ ...ctxOf(), profiles }, tx, ada.id, told))
    await withdrawn
    assert.deepEqual(await kept(ada), [])
  })

  test('without a consent is dropped even where nobody told this process of the answer', async () => {
    const ada = await agreed()
    await tell(ada, [{ type: 'mood', value: 0 }])
    await house.rows(
      `INSERT INTO profile.consents (person_id, purpose, version, granted, at) VALUES ($1, 'mood', '1', false, now())`,
      [ada.id],
    )
    assert.deepEqual(await tell(ada, [{ type: 'mood', value: 1 }]), { kept: [], without: ['mood'] })
  })

  test('is kept once a source, and only the newest in whatever order it comes', async () => {
    const ada = await agreed()
    assert.deepEqual((await tell(ada, [{ type: 'mood', value: 0, measuredAt: ago(1_000) }])).kept, ['mood'])
    assert.deepEqual((await tell(ada, [{ type: 'mood', value: 1, measuredAt: ago(2_000) }])).kept, [])
    await tell(ada, [{ type: 'mood', value: -1, measuredAt: ago(3_000) }], 'ingress:a')
    assert.deepEqual(await kept(ada), [
      ['mood', 'ingress:a', -1],
      ['mood', 'page', 0],
    ])
    const both = [
      { type: 'mood', value: 0.5, measuredAt: ago(0) },
      { type: 'mood', value: 0.2, measuredAt: ago(500) },
    ]
    await tell(ada, both)
    const before = (await happened(ada)).length
    assert.deepEqual((await tell(ada, both)).kept, [], 'the same again is no news')
    assert.deepEqual((await kept(ada)).at(-1), ['mood', 'page', 0.5])
    assert.equal((await happened(ada)).length, before)
  })

  test('many who tell at once leave the newest', async () => {
    const ada = await agreed()
    const now = ago(0).getTime()
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => {
        const measuredAt = new Date(now - ((at * 7) % 20) * 1_000)
        const told = [
          { type: 'mood', value: ((at * 7) % 20) / 20, measuredAt },
          { type: 'sleep', value: ((at * 7) % 20) / 20, measuredAt },
        ]
        return tell(ada, at % 2 ? told : told.toReversed())
      }),
    )
    assert.deepEqual(await kept(ada), [
      ['mood', 'page', 0],
      ['sleep', 'page', 0],
    ])
  })

  test('a clock that is five minutes ahead is forgiven, one that is more is refused', async () => {
    const ada = await agreed()
    await tell(ada, [{ type: 'mood', value: 1, measuredAt: ago(-300_000) }])
    assert.deepEqual((await signalsOf(house.db, ada.id))[0]?.measuredAt, ago(0))
    const problem = await refusal(tell(ada, [{ type: 'mood', value: 0, measuredAt: ago(-300_001) }]))
    assert.equal(problem.code, 'signal_from_future')
    const none = await refusal(tell(ada, [{ type: 'mood', value: 0, measuredAt: new Date('soon') }]))
    assert.equal(none.code, 'signal_from_future')
    const old = await refusal(tell(ada, [{ type: 'mood', value: 0, measuredAt: ago(32 * 86_400_000) }]))
    assert.equal(old.code, 'signal_too_old')
    assert.deepEqual(await kept(ada), [['mood', 'page', 1]])
  })

  test('garbage is refused with a sentence that says what would be right, and nothing of it is kept', async () => {
    const ada = await agreed()
    const garbage: [Told, RegExp][] = [
      [{ type: 'toString', value: 1 }, /send mood, sleep/],
      [{ type: 'weather', value: 1 }, /send mood, sleep/],
      [{ type: 'mood', value: 1.01 }, /from -1 \(low\) to 1/],
      [{ type: 'mood', value: Number.NaN }, /from -1 \(low\) to 1/],
      [{ type: 'mood', value: '1' }, /from -1 \(low\) to 1/],
      [{ type: 'sleep', value: true }, /from 0 \(bad\) to 1/],
      [{ type: 'visible', value: 1 }, /true or false/],
      [{ type: 'idle', value: -1 }, /from 0 to 86400/],
      [{ type: 'place', value: 'at home' }, /a UUID/],
      [{ type: 'place', value: 7 }, /a UUID/],
    ]
    for (const [told, says] of garbage) {
      const problem = await refusal(tell(ada, [{ type: 'mood', value: 0 }, told]))
      assert.equal(problem.status, 422)
      assert.match(problem.title, says)
    }
    const many = Array.from({ length: 101 }, () => ({ type: 'mood', value: 0 }))
    assert.equal((await refusal(tell(ada, many))).code, 'too_many_signals')
    assert.deepEqual(await kept(ada), [])
  })
})

describe('what is kept of the moment', () => {
  test('goes when its consent is withdrawn, and only that', async () => {
    const ada = await agreed()
    const eve = await agreed()
    for (const someone of [ada, eve])
      await tell(someone, [
        { type: 'mood', value: 1 },
        { type: 'visible', value: true },
        { type: 'place', value: place },
      ])
    await answer(ada, 'presence', false)
    await house.events.drain()
    assert.deepEqual(await kept(ada), [['mood', 'page', 1]])
    assert.equal((await kept(eve)).length, 3)
    assert.deepEqual((await tell(ada, [{ type: 'visible', value: true }])).without, ['presence'])
  })

  test('goes with the app it came from', async () => {
    const ada = await agreed()
    await house.connect(ada)
    await tell(ada, [{ type: 'busy', value: true }], 'todoist')
    await tell(ada, [{ type: 'mood', value: 1 }])
    await house.disconnect(ada)
    assert.deepEqual(await kept(ada), [['mood', 'page', 1]])
  })

  test('is in the export, and goes with the account', async () => {
    const ada = await agreed()
    const eve = await agreed()
    for (const someone of [ada, eve])
      await tell(someone, [
        { type: 'mood', value: 1 },
        { type: 'place', value: place },
      ])
    const files = (await house.module.exporter?.collect(ada.id)) ?? []
    const at = house.clock.now().toISOString()
    assert.deepEqual(files.find(({ name }) => name === 'signals')?.rows, [
      { type: 'mood', source: 'page', value: 1, measuredAt: at, heardAt: at },
      { type: 'place', source: 'page', placeId: place, measuredAt: at, heardAt: at },
    ])
    assert.equal((await house.erase(ada))?.rows, 2)
    assert.deepEqual(await kept(ada), [])
    assert.equal((await kept(eve)).length, 2)
  })
})
