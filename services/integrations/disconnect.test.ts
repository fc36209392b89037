import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { until } from '@oo/local'
import { type House, openHouse, type Someone } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

const grantRows = (someone: Someone) =>
  house.rows('SELECT id FROM integrations.grants WHERE person_id = $1', [someone.id])
const revocations = () => house.rows('SELECT id, attempts, discard_at FROM integrations.revocations')

async function connected() {
  const someone = await house.person()
  await house.connect(someone)
  const { tasks } = await house.door.openTasks(someone.id, { waitMs: 5_000 })
  return { someone, task: tasks[0]?.externalId ?? '' }
}

describe('disconnecting', () => {
  test('the token is gone here at once, the text too, and the grant ends at the provider', async () => {
    const { someone, task } = await connected()
    assert.equal(await house.liveGrants(someone), 1)
    assert.equal((await house.disconnect(someone)).status, 204)
    assert.deepEqual(await grantRows(someone), [])
    assert.equal(house.door.itemOf(someone.id, 'todoist', task), undefined)
    assert.deepEqual(await house.door.openTasks(someone.id, { waitMs: 5_000 }), { state: 'none', tasks: [] })
    await until('the grant was revoked', async () => (await house.liveGrants(someone)) === 0)
    await until('nothing is left to hand back', async () => (await revocations()).length === 0)
    const events = await house.rows(
      "SELECT 1 FROM events.log WHERE person_id = $1 AND subject = 'account.source.disconnected'",
      [someone.id],
    )
    assert.equal(events.length, 1)
  })

  test('twice is as good as once, and tells it once', async () => {
    const { someone } = await connected()
    await Promise.all([house.disconnect(someone), house.disconnect(someone)])
    assert.equal((await house.disconnect(someone)).status, 204)
    const events = await house.rows(
      "SELECT 1 FROM events.log WHERE person_id = $1 AND subject = 'account.source.disconnected'",
      [someone.id],
    )
    assert.equal(events.length, 1)
    assert.equal((await house.list(someone)).state, 'disconnected')
  })

  test('one person’s disconnecting leaves another’s connection as it was', async () => {
    const { someone: ada } = await connected()
    const { someone: eve } = await connected()
    const [before] = await house.rows('SELECT * FROM integrations.grants WHERE person_id = $1', [eve.id])
    await house.disconnect(ada)
    const [after] = await house.rows('SELECT * FROM integrations.grants WHERE person_id = $1', [eve.id])
    assert.deepEqual(after, before)
    assert.equal((await house.list(eve)).state, 'connected')
  })

  test('a provider that is down is asked again; the revocation succeeds when it is back', async () => {
    const { someone } = await connected()
    await until('earlier ones are done', async () => (await revocations()).length === 0)
    await house.fault('down')
    await house.disconnect(someone)
    assert.deepEqual(await grantRows(someone), [])
    await until('it was asked in vain', async () => (await revocations())[0]?.attempts === 1)
    const [waiting] = await revocations()
    const next = await house.rows(
      "SELECT start_after FROM jobs.job WHERE name = 'revoke-grant' AND data->>'revocationId' = $1 AND state = 'created'",
      [waiting?.id],
    )
    assert.equal(next.length, 1)
    assert.equal(next[0]?.start_after.getTime(), house.clock.now().getTime() + 30_000)
    await house.fault('none')
    assert.equal(await house.liveGrants(someone), 1)
    const [job] = house.module.jobs ?? []
    await job?.run({ revocationId: waiting?.id }, AbortSignal.timeout(5_000))
    assert.equal(await house.liveGrants(someone), 0)
    assert.deepEqual(await revocations(), [])
    await job?.run({ revocationId: waiting?.id }, AbortSignal.timeout(5_000))
  })

  test('after 7 days in vain the token is deleted all the same', async () => {
    const { someone } = await connected()
    await house.fault('500')
    await house.disconnect(someone)
    await until('it was asked in vain', async () => (await revocations())[0]?.attempts === 1)
    const [waiting] = await revocations()
    assert.equal(waiting?.discard_at.getTime(), house.clock.now().getTime() + 7 * 86_400_000)
    house.clock.advance(7 * 86_400_000)
    const [job] = house.module.jobs ?? []
    await job?.run({ revocationId: waiting?.id }, AbortSignal.timeout(5_000))
    assert.deepEqual(await revocations(), [])
    await house.fault('none')
  })

  test('seven days hold even when the job was lost', async () => {
    const { someone } = await connected()
    await house.fault('500')
    await house.disconnect(someone)
    await until('it was asked in vain', async () => (await revocations())[0]?.attempts === 1)
    house.clock.advance(7 * 86_400_000 - 1)
    await house.module.start?.()
    await house.module.stop?.()
    assert.equal((await revocations()).length, 1)
    house.clock.advance(1)
    await house.module.start?.()
    await house.module.stop?.()
    assert.deepEqual(await revocations(), [])
    await house.fault('none')
  })

  test('deleting the account does the same, says so, and leaves no row that names the person', async () => {
    const { someone } = await connected()
    const exported = await house.module.exporter?.collect(someone.id)
    assert.deepEqual(
      exported?.[0]?.rows.map(({ source, state }) => [source, state]),
      [['todoist', 'connected']],
    )
    const outcome = await house.erase(someone)
    assert.equal(outcome?.rows, 1)
    assert.match(outcome?.note ?? '', /Todoist/)
    assert.deepEqual(await grantRows(someone), [])
    const left = await house.rows('SELECT row_to_json(r)::text AS text FROM integrations.revocations r')
    for (const { text } of left) assert.ok(!text.includes(someone.id))
    await until('the grant was revoked', async () => (await house.liveGrants(someone)) === 0)
    assert.deepEqual(await house.erase(someone), { rows: 0 }, 'safe to run again')
    assert.deepEqual((await house.module.exporter?.collect(someone.id))?.[0]?.rows, [])
  })
})
