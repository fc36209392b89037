import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { transaction } from '@oo/kernel'
import { findPerson } from './store.ts'
import { openHouse, requestBy } from './testHouse.ts'
import { openWishesMemory } from './wishesMemory.ts'

const house = await openHouse()
after(() => house.stop())
const { handlers } = house.module
const setZone = (id: string, zone: string) =>
  house.rows('UPDATE profile.cards SET time_zone = $2 WHERE person_id = $1', [id, zone])

test('a change is seen at once in this process and within a second in another', async () => {
  const ada = await house.person()
  const here = () => house.door.wishes(ada.id)
  const other = house.another().door
  assert.deepEqual(await other.wishes(ada.id), await here())
  await handlers.pause(requestBy(ada, { body: {} }))
  assert.ok((await here()).pause)
  await handlers.patchProfile(requestBy(ada, { body: { timeZone: 'Asia/Tokyo' } }))
  assert.equal((await here()).timeZone, 'Asia/Tokyo')
  await transaction(house.db, tx => house.door.agree(tx, ada.id, 'sync'))
  assert.ok((await here()).consents.has('sync'))
  await handlers.resume(requestBy(ada))
  assert.equal((await here()).pause, null)
  house.clock.advance(1_000)
  assert.deepEqual(await other.wishes(ada.id), await here())
})

test('within that second memory answers, without the database', async () => {
  const ada = await house.person()
  await setZone(ada.id, 'Asia/Tokyo')
  await house.door.wishes(ada.id)
  await setZone(ada.id, 'Europe/Berlin')
  house.clock.advance(999)
  assert.equal((await house.door.wishes(ada.id)).timeZone, 'Asia/Tokyo')
  house.clock.advance(1)
  assert.equal((await house.door.wishes(ada.id)).timeZone, 'Europe/Berlin')
})

test('a read that began before a change is not kept after it', async () => {
  const ada = await house.person()
  const memory = openWishesMemory(house.ctx)
  const { promise: slow, resolve } = Promise.withResolvers<undefined>()
  const early = memory.look(ada.id, () => slow)
  await handlers.pause(requestBy(ada, { body: {} }))
  resolve(undefined)
  await early
  const now = await memory.look(ada.id, () => findPerson(house.db, ada.id))
  assert.ok(now.value?.card.pausedSince)
})

test('a read that fails is not kept', async () => {
  const ada = await house.person()
  await house.owner.query('ALTER TABLE profile.cards RENAME TO cards_away')
  try {
    await assert.rejects(house.another().door.wishes(ada.id))
    const process = house.another().door
    await assert.rejects(process.wishes(ada.id))
    await house.owner.query('ALTER TABLE profile.cards_away RENAME TO cards')
    assert.ok((await process.wishes(ada.id)).consents.has('terms'))
  } finally {
    await house.owner.query('ALTER TABLE IF EXISTS profile.cards_away RENAME TO cards')
  }
})

test('a clock that is set back does not keep what is old', async () => {
  const ada = await house.person()
  await house.door.wishes(ada.id)
  await setZone(ada.id, 'Asia/Tokyo')
  house.clock.advance(-3_600_000)
  assert.equal((await house.door.wishes(ada.id)).timeZone, 'Asia/Tokyo')
})

test('someone who is gone wishes for nothing and agreed to nothing', async () => {
  const ada = await house.person()
  await house.door.wishes(ada.id)
  await transaction(house.db, async tx => house.module.eraser?.erase(tx, ada.id))
  assert.deepEqual(await house.door.wishes(ada.id), { timeZone: null, pause: null, consents: new Set() })
})
