import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { keyedHash } from '@oo/kernel'
import { purposes } from './purposes.ts'
import { openHouse, problemOf, requestBy, type Someone, secret } from './testHouse.ts'

const house = await openHouse()
after(() => house.stop())
const { handlers } = house.module

const profileOf = async (someone: Someone) => (await handlers.getProfile(requestBy(someone))).body
const patch = (someone: Someone, body: { timeZone?: string; contrast?: 'black' | 'soft' }) =>
  handlers.patchProfile(requestBy(someone, { body }))

test('a newcomer has a card, has agreed to the terms just shown, and to nothing else', async () => {
  const ada = await house.person({ name: 'Ada Lovelace', email: 'ada@example.test' })
  assert.deepEqual(await profileOf(ada), {
    id: ada.id,
    name: 'Ada Lovelace',
    email: 'ada@example.test',
    timeZone: null,
    contrast: 'black',
    pause: null,
  })
  const { consents } = await house.door.wishes(ada.id)
  assert.deepEqual([...consents], ['terms'])
})

test('name and e-mail are at rest as sealed bytes that open at their own place only', async () => {
  const ada = await house.person({ name: 'Canary Name', email: 'canary@example.test' })
  const [card] = await house.rows('SELECT * FROM profile.cards WHERE person_id = $1', [ada.id])
  assert.ok(!JSON.stringify(card).includes('Canary'))
  for (const column of ['name', 'email'])
    assert.ok(!card[column].toString('latin1').toLowerCase().includes('canary'))
  await house.rows('UPDATE profile.cards SET name = email WHERE person_id = $1', [ada.id])
  await assert.rejects(profileOf(ada))
})

test('an address is found again by its keyed fingerprint, whatever its capitals, and by nothing else', async () => {
  const ada = await house.person({ email: 'Grace@Example.test' })
  const find = (hash: Buffer) =>
    house.rows('SELECT person_id FROM profile.cards WHERE email_hash = $1', [hash])
  const [found] = await find(keyedHash(secret, 'email', 'grace@example.test'))
  assert.equal(found?.person_id, ada.id)
  assert.deepEqual(await find(keyedHash('another secret', 'email', 'grace@example.test')), [])
})

test('a welcome whose event cannot be written leaves nothing', async () => {
  const count = () =>
    house.rows(
      'SELECT (SELECT count(*) FROM profile.cards) AS cards, (SELECT count(*) FROM profile.consents) AS answers',
    )
  const before = await count()
  await house.owner.query('ALTER TABLE events.log RENAME TO log_away')
  try {
    await assert.rejects(house.person())
  } finally {
    await house.owner.query('ALTER TABLE events.log_away RENAME TO log')
  }
  assert.deepEqual(await count(), before)
})

test('what a change leaves out stays', async () => {
  const ada = await house.person()
  await patch(ada, { timeZone: 'Asia/Tokyo' })
  const { body } = await patch(ada, { contrast: 'soft' })
  assert.equal(body.timeZone, 'Asia/Tokyo')
  assert.equal(body.contrast, 'soft')
  assert.deepEqual(await profileOf(ada), body)
})

test('a zone that does not exist is refused with an example, and nothing changes', async () => {
  const ada = await house.person()
  await patch(ada, { timeZone: 'Asia/Tokyo' })
  const problem = await problemOf(patch(ada, { timeZone: 'Berlin', contrast: 'soft' }))
  assert.equal(problem.status, 422)
  assert.match(problem.title, /Europe\/Berlin/)
  assert.equal((await profileOf(ada)).timeZone, 'Asia/Tokyo')
  assert.equal((await profileOf(ada)).contrast, 'black')
})

test('one person never changes or sees another', async () => {
  const [ada, bob] = [await house.person(), await house.person()]
  const before = await profileOf(bob)
  await patch(ada, { timeZone: 'Asia/Tokyo', contrast: 'soft' })
  assert.deepEqual(await profileOf(bob), before)
})

test('someone who is gone is told to sign in again', async () => {
  const ada = await house.person()
  await house.rows('DELETE FROM profile.cards WHERE person_id = $1', [ada.id])
  const asks = [
    () => profileOf(ada),
    () => patch(ada, { contrast: 'soft' }),
    () => handlers.pause(requestBy(ada, { body: {} })),
    () => handlers.resume(requestBy(ada)),
    () =>
      handlers.putConsent(
        requestBy(ada, { body: { purpose: 'sync', version: purposes.sync.version, granted: true } }),
      ),
  ]
  for (const ask of asks) assert.equal((await problemOf(ask())).code, 'account_gone')
})

test('an admin without a person has no profile', async () => {
  const ada = await house.person()
  const request = {
    ...requestBy<'getProfile'>(ada),
    actor: { sessionId: 's', personId: null, role: 'admin' as const },
  }
  assert.equal((await problemOf(handlers.getProfile(request))).status, 403)
})

test('a zone that is saved is told once, and whether the clock moved by it', async () => {
  const ada = await house.person()
  for (const timeZone of ['UTC', 'UTC', 'Asia/Tokyo', 'Asia/Tokyo']) await patch(ada, { timeZone })
  await patch(ada, { contrast: 'soft' })
  const told = (await house.happened(ada)).flatMap(payload =>
    payload.case === 'timeZoneChanged' ? [payload.value.moved] : [],
  )
  assert.deepEqual(told, [false, true])
})
