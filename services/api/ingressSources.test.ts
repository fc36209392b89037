import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '@oo/local'
import { unzipSync } from 'fflate'
import { startInstance } from './testInstance.ts'
import { type Source, sendersOf } from './testSenders.ts'

// What a person does with their sources, and what is left of them.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance()
})
after(() => instance.stop())

const { delivery, post, send, someone, create, made, rows, listed, deliveriesOf } = sendersOf(() => instance)

test('after a rotation the old secret works until the new one was used, at most a day, whatever was lost meanwhile', async () => {
  const { person, source } = await made()
  const rotate = async () => {
    const { status, body } = await person.send('POST', `/api/integrations/ingress/${source.id}/rotate`)
    assert.equal(status, 200)
    return { ...source, secret: String(body.secret) }
  }
  const works = async (by: Source) => (await send(by)).status === 200
  const second = await rotate()
  assert.ok((await listed(person))[0]?.oldSecretUntil)
  assert.ok((await works(source)) && (await works(source)))
  assert.ok(await works(second))
  assert.ok(!(await works(source)), 'the new one was used')
  assert.equal((await listed(person))[0]?.oldSecretUntil, undefined)
  const lost = await rotate()
  instance.clock.advance(3_600_000)
  const fourth = await rotate()
  assert.ok((await works(second)) && !(await works(lost)), 'the one in use goes on, the lost one does not')
  instance.clock.advance(23 * 3_600_000)
  assert.ok(!(await works(second)), 'a day is over, counted from the first rotation')
  assert.ok(await works(fourth))
})

test('a deleted source is refused at once, and nothing it told is left', async () => {
  const { person, source } = await made()
  await send(source)
  const deleted = await person.send('DELETE', `/api/integrations/ingress/${source.id}`)
  assert.equal(deleted.status, 204)
  assert.deepEqual([...(await rows('ingress_deliveries', source)), ...(await rows('signals', source))], [])
  assert.equal((await send(source)).status, 401)
  assert.deepEqual(await listed(person), [])
  assert.equal((await person.send('DELETE', `/api/integrations/ingress/${source.id}`)).status, 204)
})

test('the name of a source can be seen, and holds nothing that a page cannot hold', async () => {
  const person = await someone('mood')
  const refused = [
    '\u200b\u2060',
    '\u3164',
    '\u0301',
    'a\u202eb',
    'a\u0000b',
    'a\ud800',
    '\ud83d',
    'a\nb',
    ' ',
  ]
  for (const name of refused) {
    const { status } = await person.send('POST', '/api/integrations/ingress', { name, types: ['mood'] })
    assert.equal(status, 400, JSON.stringify(name))
  }
  const fine = ['Uhr', 'ساعة', '腕時計', '👩‍👧', 'é', '7']
  for (const name of fine) await create(person, ['mood'], name)
  assert.deepEqual(new Set((await listed(person)).map(({ name }) => name)), new Set(fine))
})

test('a source whose key is lost takes nothing else with it: it is shown, exported, refused like none, and mended or deleted', async () => {
  const { person, source } = await made()
  instance.clock.advance(1_000)
  const good = await create(person, ['mood'], 'Lamp')
  const [before] = await listed(person)
  await instance.query("UPDATE integrations.ingress_sources SET kek_id = 'lost' WHERE id = $1", [source.id])

  const { name, ...rest } = before ?? {}
  assert.equal(name, 'Watch')
  const [lost, lamp] = await listed(person)
  assert.deepEqual(lost, { ...rest, state: 'sealed' })
  assert.deepEqual([lamp?.name, lamp?.state], ['Lamp', 'ready'])
  assert.equal((await send(good)).status, 200)

  const refused = await send(source)
  const unknown = await post('nobody', delivery(source))
  const said = ({ body }: typeof refused) => ({ ...body, requestId: undefined })
  assert.deepEqual([refused.status, said(refused)], [401, said(unknown)])
  assert.deepEqual([...(await rows('ingress_deliveries', source)), ...(await rows('signals', source))], [])
  assert.deepEqual(await deliveriesOf(person, source), [])
  const zip = await person.get('/api/profile/export')
  assert.equal(zip.status, 200)
  const lines = Buffer.from(unzipSync(zip.raw)['integrations/ingress.jsonl'] ?? [])
    .toString()
    .trim()
    .split('\n')
  assert.deepEqual(
    lines.map(line => JSON.parse(line)).map(row => [row.id, row.name]),
    [
      [source.id, null],
      [good.id, 'Lamp'],
    ],
  )

  const { status, body } = await person.send('POST', `/api/integrations/ingress/${source.id}/rotate`)
  assert.deepEqual([status, body.source], [200, { ...rest, state: 'ready' }])
  assert.equal((await send({ ...source, secret: String(body.secret) })).status, 200)
  assert.equal((await send(source)).status, 401, 'what was lost does not come back')

  await instance.query('UPDATE integrations.ingress_sources SET wrapped_key = tokens WHERE id = $1', [
    good.id,
  ])
  assert.equal((await listed(person))[1]?.state, 'sealed')
  assert.equal((await person.send('DELETE', `/api/integrations/ingress/${good.id}`)).status, 204)
  assert.deepEqual(await rows('signals', good), [])
})

test('of somebody else nothing is seen or touched, and ten sources are the most', async () => {
  const { source } = await made()
  const stranger = await someone()
  const at = `/api/integrations/ingress/${source.id}`
  assert.equal((await stranger.get(`${at}/deliveries`)).status, 404)
  assert.equal((await stranger.send('POST', `${at}/rotate`)).status, 404)
  assert.equal((await stranger.send('DELETE', at)).status, 204)
  assert.equal((await send(source)).status, 200)
  const wish = { name: ' Lamp ', types: ['idle'] }
  const tries = await Promise.all(
    Array.from({ length: 12 }, () => stranger.send('POST', '/api/integrations/ingress', wish)),
  )
  assert.equal(tries.filter(({ status }) => status === 409).length, 2)
  assert.deepEqual([...new Set((await listed(stranger)).map(({ name }) => name))], ['Lamp'])
})

test('the erased are gone: their sources are refused and no row is left; the export names what they had', async () => {
  const { person, source } = await made()
  await send(source)
  const { raw } = await person.get('/api/profile/export')
  assert.ok(
    raw.includes('integrations/ingress.jsonl') && raw.includes('integrations/ingress-deliveries.jsonl'),
  )
  const { rows: found } = await instance.query(
    'SELECT person_id FROM integrations.ingress_sources WHERE id = $1',
    [source.id],
  )
  const personId = String(found[0]?.person_id)
  assert.equal((await person.send('DELETE', '/api/profile', { confirm: 'delete' })).status, 202)
  await erased(personId)
  assert.equal((await send(source)).status, 401)
  const left = await instance.query(
    'SELECT FROM integrations.signals WHERE person_id = $1 UNION ALL SELECT FROM integrations.ingress_sources WHERE person_id = $1',
    [personId],
  )
  assert.equal(left.rowCount, 0)
  assert.deepEqual(await rows('ingress_deliveries', source), [])
})

const erased = (personId: string): Promise<void> =>
  until('nothing of it is left', async () => {
    const left = 'SELECT FROM integrations.ingress_sources WHERE person_id = $1'
    return (await instance.query(left, [personId])).rowCount === 0
  })
