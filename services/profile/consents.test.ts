import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { transaction } from '@oo/kernel'
import type { Consents, Purpose } from '@oo/shared-types'
import { said } from '@oo/shared-types/features'
import { purposeOrder, purposes } from './purposes.ts'
import { openHouse, problemOf, requestBy, type Someone } from './testHouse.ts'

const house = await openHouse()
after(() => house.stop())
const { handlers } = house.module

const put = async (
  someone: Someone,
  purpose: Purpose,
  granted: boolean,
  version = purposes[purpose].version,
) => all((await handlers.putConsent(requestBy(someone, { body: { purpose, version, granted } }))).body)
const get = async (someone: Someone) => all((await handlers.getConsents(requestBy(someone))).body)
const all = ({ consents, senses }: Consents) => [...consents, ...senses]
const granted = async (someone: Someone) => (await get(someone)).filter(c => c.granted).map(c => c.purpose)
const history = (someone: Someone) =>
  house.rows('SELECT purpose, version, granted FROM profile.consents WHERE person_id = $1 ORDER BY seq', [
    someone.id,
  ])

test('every purpose is listed with its text, and only terms are required', async () => {
  const ada = await house.person()
  const consents = await get(ada)
  assert.deepEqual(
    consents.map(c => c.purpose),
    purposeOrder,
  )
  assert.deepEqual(Object.keys(purposes).sort(), [...purposeOrder].sort())
  assert.deepEqual(
    consents.filter(c => c.required).map(c => c.purpose),
    ['terms'],
  )
  for (const { title, text, version } of consents) {
    assert.match(title, /^[A-Z].*[^.]$/)
    assert.match(text, /\.$/)
    assert.ok(version.length > 0 && version.length <= 20)
  }
})

test('what a feature rests on can be agreed to, and withdrawn', async () => {
  const ada = await house.person()
  const restedOn = new Set([...said.values()].map(({ purpose }) => purpose))
  restedOn.delete('service')
  assert.ok(restedOn.size > 3)
  for (const purpose of purposeOrder.filter(one => restedOn.delete(one))) {
    await put(ada, purpose, true)
    assert.ok((await house.door.wishes(ada.id)).consents.has(purpose), purpose)
    await put(ada, purpose, false)
    assert.ok(!(await house.door.wishes(ada.id)).consents.has(purpose), purpose)
  }
  assert.deepEqual([...restedOn], [], 'nobody is asked for these')
})

test('the last answer counts, every answer stays, and each is one event', async () => {
  const ada = await house.person()
  await put(ada, 'sync', true)
  await put(ada, 'sync', true)
  house.clock.advance(1_000)
  await put(ada, 'sync', false)
  await put(ada, 'sync', false)
  const again = await put(ada, 'sync', true)
  assert.equal(again.find(c => c.purpose === 'sync')?.at, house.clock.now().toISOString())
  const { version } = purposes.sync
  const answers = [true, false, true].map(yes => ({ purpose: 'sync', version, granted: yes }))
  assert.deepEqual((await history(ada)).slice(1), answers)
  const events = await house.happened(ada)
  assert.deepEqual(
    events.map(e => e.case === 'consentChanged' && e.value.granted),
    [true, false, true],
  )
})

test('a yes to an old text is refused with a sentence that says to read it again', async () => {
  const ada = await house.person()
  const problem = await problemOf(put(ada, 'llm', true, '2020-01-01'))
  assert.equal(problem.status, 409)
  assert.match(problem.title, /has changed; read it again/)
  assert.deepEqual(await granted(ada), ['terms'])
})

test('a yes counts for the text it was given to: when the text changes, it is asked again', async () => {
  const ada = await house.person()
  await house.rows(
    `INSERT INTO profile.consents (person_id, purpose, version, granted, at) VALUES ($1, 'llm', '2020-01-01', true, now())`,
    [ada.id],
  )
  assert.deepEqual(await granted(ada), ['terms'])
  assert.ok(!(await house.another().door.wishes(ada.id)).consents.has('llm'))
})

test('leaving is never hard: a no is taken whatever text it was shown with, and names the one agreed to', async () => {
  const ada = await house.person()
  await house.rows(
    `INSERT INTO profile.consents (person_id, purpose, version, granted, at) VALUES ($1, 'llm', '2020-01-01', true, now())`,
    [ada.id],
  )
  await put(ada, 'llm', false, 'anything')
  assert.deepEqual((await history(ada)).at(-1), { purpose: 'llm', version: '2020-01-01', granted: false })
})

test('a no where there never was a yes writes nothing', async () => {
  const ada = await house.person()
  await put(ada, 'pooling', false)
  assert.equal((await history(ada)).length, 1)
  assert.deepEqual(await house.happened(ada), [])
})

test('terms cannot be withdrawn; the sentence leads to deleting the account', async () => {
  const ada = await house.person()
  const problem = await problemOf(put(ada, 'terms', false))
  assert.equal(problem.status, 409)
  assert.match(problem.title, /delete your account/)
  assert.deepEqual(await granted(ada), ['terms'])
})

test('agreeing inside a transaction that is rolled back is no agreement', async () => {
  const ada = await house.person()
  await assert.rejects(
    transaction(house.db, async tx => {
      await house.door.agree(tx, ada.id, 'sync')
      throw new Error('the connection failed')
    }),
  )
  assert.deepEqual(await granted(ada), ['terms'])
  await transaction(house.db, tx => house.door.agree(tx, ada.id, 'sync'))
  assert.deepEqual(await granted(ada), ['terms', 'sync'])
})

test('answers at the same time are all kept, and the last one written counts everywhere', async () => {
  const ada = await house.person()
  await Promise.all(Array.from({ length: 10 }, (_, i) => put(ada, 'push', i % 2 === 0)))
  const rows = (await history(ada)).filter(row => row.purpose === 'push')
  for (const [i, row] of rows.entries()) assert.equal(row.granted, i % 2 === 0, 'yes and no alternate')
  assert.equal((await house.door.wishes(ada.id)).consents.has('push'), rows.at(-1)?.granted ?? false)
})
