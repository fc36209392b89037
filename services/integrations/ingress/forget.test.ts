import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type House, openHouse, requestBy } from '../testHouse.ts'
import { forgetOldIngress } from './forget.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

test('an hour later only what the person still sees is kept, and that for thirty days', async () => {
  const body = { name: 'Watch', types: ['mood' as const] }
  const made = await house.module.handlers.createIngress(
    requestBy<'createIngress'>(await house.person(), { body }),
  )
  assert.equal(made.status, 201)
  await house.rows(
    `INSERT INTO integrations.ingress_deliveries (source_id, id, received_at, accepted, refused)
     SELECT $1, n::text, $2::timestamptz - n * interval '1 second', 1, '[]' FROM generate_series(1, 25) n`,
    ['body' in made && made.body ? made.body.source.id : '', house.clock.now()],
  )
  const left = async () => {
    await forgetOldIngress(house)
    return (await house.rows('SELECT id FROM integrations.ingress_deliveries')).map(({ id }) => Number(id))
  }
  assert.equal((await left()).length, 25, 'a repetition is known for an hour')
  house.clock.advance(3_600_000)
  assert.deepEqual(
    (await left()).toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, at) => at + 1),
    'the newest ones',
  )
  house.clock.advance(30 * 86_400_000)
  assert.deepEqual(await left(), [])
})
