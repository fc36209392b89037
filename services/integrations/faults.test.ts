import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Problem } from '@oo/kernel'
import { until } from '@oo/local'
import { type House, openHouse } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

const signal = () => AbortSignal.timeout(20_000)
const isAway = (error: unknown) => error instanceof Problem && error.code === 'source_away'

async function timed<T>(work: Promise<T>): Promise<{ result: PromiseSettledResult<T>; ms: number }> {
  const begun = performance.now()
  const [result] = await Promise.allSettled([work])
  return { result, ms: performance.now() - begun }
}

async function connected() {
  const someone = await house.person()
  await house.connect(someone)
  const process = house.another()
  return { someone, process, door: process.door }
}

const failing = ['down', 'reset', 'hang', '500', '429', '410', 'garbage', 'huge']

describe('whatever Todoist does, there is an answer in time', () => {
  for (const mode of failing) {
    test(`${mode}: no tasks and \`away\`, then the last ones; a completion says when to try again`, async () => {
      const { someone, process, door } = await connected()
      const warm = await house.door.openTasks(someone.id, { waitMs: 5_000 })
      const task = warm.tasks[0]?.externalId ?? ''
      house.clock.advance(30_000)
      await house.fault(mode)
      try {
        const cold = await timed(door.openTasks(someone.id, { waitMs: 800 }))
        assert.deepEqual(cold.result, { status: 'fulfilled', value: { state: 'away', tasks: [] } })
        assert.ok(cold.ms < 1_200, `${cold.ms} ms`)
        const second = await timed(door.openTasks(someone.id, { waitMs: 800 }))
        assert.ok(second.ms < 300, `nobody waits for it again: ${second.ms} ms`)
        const stale = await timed(house.door.openTasks(someone.id, { waitMs: 800 }))
        assert.equal(
          stale.result.status === 'fulfilled' && stale.result.value.tasks.length,
          warm.tasks.length,
        )
        assert.ok(stale.ms < 300, `${stale.ms} ms`)
        const row = await timed(house.list(someone, process))
        assert.ok(row.ms < 2_000, `${row.ms} ms`)
        const shown = row.result.status === 'fulfilled' ? row.result.value : undefined
        assert.equal(shown?.state, 'away')
        assert.match(shown?.message ?? '', /does not answer right now/)
        const act = await timed(door.complete(someone.id, 'todoist', task, signal(), mode))
        assert.ok(act.result.status === 'rejected' && isAway(act.result.reason), String(act.result.status))
        assert.ok(act.result.reason.retryAfterSeconds >= 1)
        assert.ok(act.ms < 6_000, `${act.ms} ms`)
      } finally {
        await house.fault('none')
      }
      house.clock.advance(60_000)
      await door.complete(someone.id, 'todoist', task, signal(), mode)
      await until(
        'it recovered by itself',
        async () => (await door.openTasks(someone.id, { waitMs: 5_000 })).state === 'connected',
      )
      assert.equal(door.stateOf(someone.id, 'todoist', task), 'gone')
    })
  }

  test('slow: the page does not wait, the completion does, and what was read late is there next time', async () => {
    const { someone, door } = await connected()
    await house.fault('slow', { ms: 1_500, count: 2 })
    const cold = await timed(door.openTasks(someone.id, { waitMs: 300 }))
    assert.deepEqual(cold.result, { status: 'fulfilled', value: { state: 'away', tasks: [] } })
    assert.ok(cold.ms < 700, `${cold.ms} ms`)
    await door.complete(someone.id, 'todoist', 'gone', signal())
    await until(
      'the slow answer landed',
      async () => (await door.openTasks(someone.id, { waitMs: 0 })).state === 'connected',
    )
  })

  test('429: nobody asks again before the time Todoist named', async () => {
    const { someone, door } = await connected()
    await house.fault('429', { ms: 90_000, count: 1 })
    await door.openTasks(someone.id, { waitMs: 5_000 })
    const asked = await house.asked('/sync')
    house.clock.advance(89_000)
    for (let n = 0; n < 5; n += 1) await door.openTasks(someone.id, { waitMs: 5_000 })
    assert.equal(await house.asked('/sync'), asked)
    house.clock.advance(1_001)
    await until(
      'it was asked again',
      async () => (await door.openTasks(someone.id, { waitMs: 0 })).state === 'connected',
    )
  })

  test('429 on a completion carries the time to the caller’s job', async () => {
    const { someone, door } = await connected()
    await house.fault('429', { ms: 90_000, count: 1 })
    await assert.rejects(
      door.complete(someone.id, 'todoist', 'x', signal()),
      (error: unknown) => isAway(error) && error instanceof Problem && error.retryAfterSeconds === 90,
    )
  })

  test('the breaker: after five failures nobody waits and health says so; 10 s later it works again', async () => {
    const { someone, process, door } = await connected()
    const [health] = process.module.health ?? []
    assert.equal(await health?.check(signal()), undefined)
    await house.fault('down')
    for (let n = 0; n < 5; n += 1)
      await assert.rejects(door.complete(someone.id, 'todoist', 'x', signal()), isAway)
    assert.match((await health?.check(signal())) ?? '', /Todoist does not answer/)
    const asked = await house.asked('')
    const cold = await timed(door.openTasks(someone.id, { waitMs: 5_000 }))
    assert.ok(cold.ms < 100, `${cold.ms} ms`)
    assert.equal(await house.asked(''), asked, 'nobody was sent out')
    await house.fault('none')
    house.clock.advance(10_001)
    assert.equal((await door.openTasks(someone.id, { waitMs: 5_000 })).state, 'connected')
    assert.equal(await health?.check(signal()), undefined)
  })
})
