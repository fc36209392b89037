import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { timestampDate } from '@bufbuild/protobuf/wkt'
import { openHouse, problemOf, requestBy, type Someone } from './testHouse.ts'

const house = await openHouse()
after(() => house.stop())
const { handlers } = house.module
const dayMs = 86_400_000

const inMs = (ms: number) => new Date(house.clock.now().getTime() + ms)
const pause = async (someone: Someone, until?: Date) =>
  (await handlers.pause(requestBy(someone, { body: until ? { until: until.toISOString() } : {} }))).body.pause
const resume = async (someone: Someone) => (await handlers.resume(requestBy(someone))).body.pause

test('without an end a pause lasts until the person resumes', async () => {
  const ada = await house.person()
  const since = house.clock.now().toISOString()
  assert.deepEqual(await pause(ada), { since, until: null })
  house.clock.advance(400 * dayMs)
  assert.deepEqual((await house.door.wishes(ada.id)).pause?.until, null)
  assert.equal(await resume(ada), null)
  assert.equal((await house.door.wishes(ada.id)).pause, null)
})

test('with an end it is over by the clock, to the millisecond, with nothing having run', async () => {
  const ada = await house.person()
  await pause(ada, inMs(3_600_000))
  house.clock.advance(3_599_999)
  assert.ok((await house.door.wishes(ada.id)).pause)
  house.clock.advance(1)
  assert.equal((await house.door.wishes(ada.id)).pause, null)
  assert.equal((await handlers.getProfile(requestBy(ada))).body.pause, null)
})

test('an end in the past or now, or more than a year away, is refused and changes nothing', async () => {
  const ada = await house.person()
  assert.deepEqual((await problemOf(pause(ada, inMs(-1)))).code, 'pause_in_past')
  assert.deepEqual((await problemOf(pause(ada, inMs(0)))).status, 422)
  const leapSecond = handlers.pause(requestBy(ada, { body: { until: '2026-12-31T23:59:60Z' } }))
  assert.equal((await problemOf(leapSecond)).status, 422)
  assert.deepEqual((await problemOf(pause(ada, inMs(367 * dayMs)))).code, 'pause_too_long')
  assert.equal((await house.door.wishes(ada.id)).pause, null)
  assert.deepEqual(await house.happened(ada), [])
  assert.ok(await pause(ada, inMs(365 * dayMs)))
})

test('pausing again moves the end and keeps the beginning; after an end it begins anew', async () => {
  const ada = await house.person()
  const first = await pause(ada, inMs(dayMs))
  house.clock.advance(3_600_000)
  const second = await pause(ada, inMs(dayMs))
  assert.equal(second?.since, first?.since)
  assert.notEqual(second?.until, first?.until)
  house.clock.advance(2 * dayMs)
  assert.equal((await pause(ada))?.since, house.clock.now().toISOString())
})

test('each change is one event; the same again is none', async () => {
  const ada = await house.person()
  const until = inMs(dayMs)
  await pause(ada, until)
  await pause(ada, until)
  await resume(ada)
  await resume(ada)
  const [paused, resumed, ...more] = await house.happened(ada)
  assert.deepEqual(more, [])
  assert.ok(paused?.case === 'pauseChanged' && resumed?.case === 'pauseChanged')
  assert.ok(paused.value.paused && paused.value.until)
  assert.deepEqual(timestampDate(paused.value.until), until)
  assert.equal(resumed.value.paused, false)
})

test('double submits of one person end in one pause and one event', async () => {
  const ada = await house.person()
  const until = inMs(dayMs)
  await Promise.all(Array.from({ length: 8 }, () => pause(ada, until)))
  assert.equal((await house.happened(ada)).length, 1)
})

test('what was paused is known after it is over, until the day it no longer explains anything', async () => {
  const ada = await house.person()
  const bob = await house.person()
  const begun = house.clock.now()
  const known = async (then: Date) => (await house.door.pausesSince([ada.id, bob.id], then)).get(ada.id) ?? []
  await pause(ada, inMs(dayMs))
  await pause(ada, inMs(2 * dayMs))
  house.clock.advance(3_600_000)
  await resume(ada)
  const first = { since: begun, until: house.clock.now() }
  assert.deepEqual(await known(begun), [first])
  assert.deepEqual(await known(house.clock.now()), [], 'over by then')
  house.clock.advance(dayMs)
  const again = house.clock.now()
  await pause(ada)
  assert.deepEqual(await known(begun), [first, { since: again, until: null }])
  house.clock.advance(70 * dayMs)
  await resume(ada)
  await pause(ada)
  assert.deepEqual((await known(begun)).length, 2, 'the first is forgotten')
  assert.equal((await house.door.pausesSince([bob.id], begun)).size, 0)
})

test('a change whose event cannot be written did not happen', async () => {
  const ada = await house.person()
  await house.owner.query('ALTER TABLE events.log RENAME TO log_away')
  try {
    await assert.rejects(pause(ada))
  } finally {
    await house.owner.query('ALTER TABLE events.log_away RENAME TO log')
  }
  assert.equal((await handlers.getProfile(requestBy(ada))).body.pause, null)
  assert.equal((await house.door.wishes(ada.id)).pause, null)
})
