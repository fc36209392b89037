import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type House, openHouse, requestBy } from '../testHouse.ts'
import { forgetOldIngress } from './forget.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

/** A source with deliveries at these many seconds ago; several may be of one moment. */
async function heard(agoSeconds: readonly number[]): Promise<string> {
  const body = { name: 'Watch', types: ['mood' as const] }
  const made = await house.module.handlers.createIngress(
    requestBy<'createIngress'>(await house.person(), { body }),
  )
  const id = 'body' in made && made.body ? made.body.source.id : assert.fail()
  await house.rows(
    `INSERT INTO integrations.ingress_deliveries (source_id, id, received_at, accepted, refused)
     SELECT $1, n::text, $2::timestamptz - ago * interval '1 second', 1, '[]'
       FROM unnest($3::int[]) WITH ORDINALITY AS told (ago, n)`,
    [id, house.clock.now(), agoSeconds],
  )
  return id
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
const keptOf = async (id: string) =>
  (await house.rows('SELECT id FROM integrations.ingress_deliveries WHERE source_id = $1', [id]))
    .map(row => Number(row.id))
    .toSorted((a, b) => a - b)

test('an hour later only what the person still sees of each source is kept, and that for thirty days', async () => {
  const many = await heard(upTo(25))
  const few = await heard(upTo(3))
  const none = await heard([])
  const atOnce = await heard(upTo(30).map(() => 1))
  const left = async () => {
    await forgetOldIngress(house, { sources: 2, deliveries: 4 })
    return Promise.all([many, few, none, atOnce].map(keptOf))
  }
  assert.deepEqual(await left(), [upTo(25), upTo(3), [], upTo(30)], 'a repetition is known for an hour')
  house.clock.advance(3_600_000)
  const [newest, all, , some] = await left()
  assert.deepEqual(newest, upTo(20), 'the newest ones')
  assert.deepEqual([all, some?.length], [upTo(3), 20])
  house.clock.advance(30 * 86_400_000)
  assert.deepEqual(await left(), [[], [], [], []])
})

test('what came within the hour is never among what goes, however much of it there is', async () => {
  const id = await heard([...upTo(30), ...upTo(5).map(n => 3_600 + n)])
  await forgetOldIngress(house, { sources: 1, deliveries: 3 })
  assert.deepEqual(await keptOf(id), upTo(30))
})

test('what one part cannot delete keeps no other from it', async () => {
  const id = await heard([31 * 86_400])
  const owner = new pg.Client({ connectionString: house.superUrl })
  await owner.connect()
  await owner.query('REVOKE DELETE ON integrations.signals, integrations.revocations FROM oo_api')
  await house.module.start?.()
  await house.module.stop?.()
  assert.deepEqual(await keptOf(id), [])
  await owner.query('GRANT DELETE ON integrations.signals, integrations.revocations TO oo_api')
  await owner.end()
})
