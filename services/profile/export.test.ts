import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import type { Exporter } from '@oo/kernel'
import { Ajv } from 'ajv'
import { strFromU8, unzipSync } from 'fflate'
import { openHouse, requestBy, type Someone } from './testHouse.ts'

const house = await openHouse()
after(() => house.stop())
const own = [...house.exporters]
beforeEach(() => house.exporters.splice(0, Number.POSITIVE_INFINITY, ...own))

async function exported(someone: Someone): Promise<Record<string, string>> {
  const answer = await house.module.handlers.exportProfile(requestBy(someone))
  assert.ok(answer.body)
  const files = Object.entries(unzipSync(answer.body))
  return Object.fromEntries(files.map(([name, bytes]) => [name, strFromU8(bytes)]))
}

const lines = (text: string | undefined) =>
  (text ?? '')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
const failing = (collect: Exporter['collect']): Exporter => ({ tables: [], collect })

test('the export is one zip with the card, every consent, their schemas and a README', async () => {
  const ada = await house.person({ name: 'Ada Lovelace' })
  await house.module.handlers.patchProfile(requestBy(ada, { body: { timeZone: 'Asia/Tokyo' } }))
  const answer = await house.module.handlers.exportProfile(requestBy(ada))
  assert.equal(answer.headers?.['content-type'], 'application/zip')
  assert.match(
    answer.headers?.['content-disposition'] ?? '',
    /attachment; filename="oo-export-2026-03-02.zip"/,
  )
  const files = await exported(ada)
  assert.deepEqual(Object.keys(files).sort(), [
    'README.md',
    'profile/card.jsonl',
    'profile/card.schema.json',
    'profile/consents.jsonl',
    'profile/consents.schema.json',
    'profile/pauses.jsonl',
    'profile/pauses.schema.json',
  ])
  const [card] = lines(files['profile/card.jsonl'])
  assert.equal(card.name, 'Ada Lovelace')
  assert.equal(card.email, ada.email)
  assert.deepEqual(
    lines(files['profile/consents.jsonl']).map(row => row.purpose),
    ['terms'],
  )
})

test('every line follows the schema beside it', async () => {
  const files = await exported(await house.person())
  for (const part of ['card', 'consents']) {
    const follows = new Ajv({ validateFormats: false }).compile(
      JSON.parse(files[`profile/${part}.schema.json`] ?? ''),
    )
    for (const row of lines(files[`profile/${part}.jsonl`]))
      assert.ok(follows(row), JSON.stringify(follows.errors))
  }
})

test('the README says in plain words when it was made, in the zone of the person, and what each file is', async () => {
  const ada = await house.person()
  await house.module.handlers.patchProfile(requestBy(ada, { body: { timeZone: 'Asia/Tokyo' } }))
  const { 'README.md': readme = '' } = await exported(ada)
  assert.match(readme, /Monday,? 2 March 2026 at 18:30 \(Asia\/Tokyo\), which is 2026-03-02T09:30:00.000Z/)
  assert.match(readme, /`profile\/card\.jsonl` \(1 line\): Who you are to oO/)
  assert.doesNotMatch(readme, /Missing/)
})

test('it holds the words of this person and of nobody else', async () => {
  const [ada] = [await house.person({ name: 'Only Ada' }), await house.person({ name: 'Never Bob' })]
  const whole = JSON.stringify(await exported(ada))
  assert.ok(whole.includes('Only Ada') && !whole.includes('Never Bob'))
})

test('an exporter that fails or never answers becomes a note; the rest comes whole', async () => {
  const ada = await house.person()
  house.exporters.push(
    { module: 'broken', exporter: failing(() => Promise.reject(new Error('a secret inside'))) },
    { module: 'stuck', exporter: failing(() => new Promise(() => {})) },
  )
  const files = await exported(ada)
  assert.match(files['README.md'] ?? '', /could not be read just now: broken, stuck/)
  assert.doesNotMatch(files['README.md'] ?? '', /a secret inside/)
  assert.equal(lines(files['profile/card.jsonl']).length, 1)
})

test('a database that fails is a problem, never an export with holes', async () => {
  const ada = await house.person()
  house.exporters.push({
    module: 'broken',
    exporter: failing(async () => {
      await house.rows('SELECT * FROM profile.no_such_table')
      return []
    }),
  })
  await assert.rejects(exported(ada), /no_such_table/)
  house.exporters.pop()
  await house.owner.query('ALTER TABLE profile.consents RENAME TO consents_away')
  await assert.rejects(exported(ada))
  await house.owner.query('ALTER TABLE profile.consents_away RENAME TO consents')
})

test('a long life fits', async () => {
  const ada = await house.person()
  const rows = Array.from({ length: 100_000 }, (_, i) => ({ i, word: `tip ${i * 7919}` }))
  house.exporters.push({
    module: 'long',
    exporter: failing(async () => [{ name: 'life', about: 'Much.', schema: {}, rows }]),
  })
  assert.equal(lines((await exported(ada))['long/life.jsonl']).length, rows.length)
})
