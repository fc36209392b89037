import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { transaction } from '@oo/kernel'
import { openHouse, problemOf, requestBy, type Someone } from './testHouse.ts'

const house = await openHouse()
after(() => house.stop())
const { handlers } = house.module

const rowsOf = async ({ id }: Someone) => ({
  card: await house.rows('SELECT * FROM profile.cards WHERE person_id = $1', [id]),
  consents: await house.rows('SELECT * FROM profile.consents WHERE person_id = $1 ORDER BY seq', [id]),
})

test('erasing removes every row of the person, leaves others bit for bit, and may run twice', async () => {
  const [ada, bob] = [await house.person(), await house.person()]
  await transaction(house.db, tx => house.door.agree(tx, ada.id, 'sync'))
  const before = await rowsOf(bob)
  const erase = () => transaction(house.db, async tx => house.module.eraser?.erase(tx, ada.id))
  assert.deepEqual(await erase(), { rows: 3 })
  assert.deepEqual(await erase(), { rows: 0 })
  assert.deepEqual(await rowsOf(ada), { card: [], consents: [] })
  assert.deepEqual(await rowsOf(bob), before)
})

test('deleting the account answers with a receipt and signs this browser out', async () => {
  const ada = await house.person()
  const answer = await handlers.deleteProfile(requestBy(ada, { body: { confirm: 'delete' } }))
  assert.equal(answer.status, 202)
  assert.deepEqual(answer.cookies, [{ name: 'sid', value: '', maxAgeSeconds: 0 }])
  const receipt = await house.auth.receipt(answer.body.receiptId)
  assert.equal(receipt?.state, 'running')
  assert.ok(!JSON.stringify(receipt).includes(ada.id))
})

test('asking twice is refused with a sentence, and begins no second deletion', async () => {
  const ada = await house.person()
  const ask = () => handlers.deleteProfile(requestBy(ada, { body: { confirm: 'delete' } }))
  await ask()
  assert.match((await problemOf(ask())).title, /[.!]$/)
  const [{ count }] = await house.rows(
    'SELECT count(*)::int FROM auth.people WHERE erasing_since IS NOT NULL AND id = $1',
    [ada.id],
  )
  assert.equal(count, 1)
})
