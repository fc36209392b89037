import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { countsOf } from './readPast.ts'
import { type House, openHouse, type Someone } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
  // A new subscriber begins at the end of the log.
  await house.events.drain()
})
after(() => house.stop())

const dayMs = 86_400_000
const run = async ({ id }: Someone) => {
  const [grant] = await house.rows('SELECT id FROM integrations.grants WHERE person_id = $1', [id])
  const job = house.module.jobs?.find(({ name }) => name === 'integrations.read-past')
  await job?.run({ grantId: grant.id }, AbortSignal.timeout(10_000))
}
const rowsOf = ({ id }: Someone) => house.rows('SELECT * FROM integrations.past WHERE person_id = $1', [id])
const timesOf = async (someone: Someone) => (await rowsOf(someone)).reduce((sum, { times }) => sum + times, 0)

/** The demo person has lived for a quarter of a year; others have the past that a test gives them. */
async function livedPerson() {
  const someone = await house.person('demo@example.test')
  await house.connect(someone)
  await run(someone)
  return someone
}

interface Lived {
  checked: boolean
  completed_at: string | null
}

test('the past waits for the person’s clock, and is counted by it as soon as that is known', async () => {
  const someone = await house.person('demo@example.test')
  await house.rows('UPDATE profile.cards SET time_zone = NULL WHERE person_id = $1', [someone.id])
  await house.connect(someone)
  await run(someone)
  assert.equal(await timesOf(someone), 0)
  assert.deepEqual(await house.rows('SELECT FROM integrations.past_reads'), [])
  await house.changeZone(someone, 'Asia/Tokyo')
  const asked = async () =>
    (await house.rows(`SELECT FROM jobs.job WHERE name = 'integrations.read-past'`)).length
  const before = await asked()
  await house.events.drain()
  assert.equal(await asked(), before + 1)
  await run(someone)
  const inTokyo = await rowsOf(someone)
  assert.ok(inTokyo.length > 0)
  const other = await livedPerson()
  const hours = (rows: { hour: number; times: number }[]) =>
    Array.from({ length: 24 }, (_, hour) =>
      rows.filter(row => row.hour === hour).reduce((sum, { times }) => sum + times, 0),
    )
  assert.notDeepEqual(hours(inTokyo), hours(await rowsOf(other)))
})

test('what was completed in the 90 days before is counted by hour, whatever interrupts and however often it is read', async () => {
  const someone = await house.person('demo@example.test')
  await house.connect(someone)
  await house.fault('429', { ms: 5_000, count: 1 })
  await run(someone)
  house.clock.advance(5_000)
  await Promise.all([run(someone), run(someone)])
  await run(someone)
  const { tasks } = await house.control<{ tasks: Lived[] }>('todoist/demo@example.test/tasks')
  const since = house.clock.now().getTime() - 90 * dayMs
  const done = tasks.filter(
    ({ checked, completed_at }) => checked && Date.parse(completed_at ?? '') >= since - 5_000,
  )
  const rows = await rowsOf(someone)
  const times = (recurring: boolean) =>
    rows.filter(row => row.recurring === recurring).reduce((sum, row) => sum + row.times, 0)
  assert.ok(times(false) > 100)
  assert.ok(Math.abs(times(false) - done.length) <= 1, `${times(false)} of ${done.length}`)
  const [read] = await house.rows('SELECT * FROM integrations.past_reads')
  assert.deepEqual([read.is_over, read.place], [true, null])
  const told = await house.door.past(someone.id)
  assert.deepEqual(
    told.map(({ name, isPartial }) => [name, isPartial]),
    [['Todoist', false]],
  )
  await house.erase(someone)
})

test('counts are kept by the clock of the person, and of words and ids nothing', async () => {
  const at = new Date('2026-05-03T22:30:00Z')
  const done = [1, 2].map(priority => ({ at, priority, effortMin: 20, recurring: false }))
  const count = { weekday: 1, hour: 0, effort: 2, recurring: false, times: 1 }
  assert.deepEqual(countsOf(done, 'Europe/Berlin'), [
    { ...count, priority: 1 },
    { ...count, priority: 2 },
  ])
  assert.deepEqual(countsOf(done.slice(1), 'UTC'), [{ ...count, priority: 2, weekday: 7, hour: 22 }])
  const columns = await house.rows(
    `SELECT column_name FROM information_schema.columns
      WHERE table_schema = 'integrations' AND table_name = 'past' AND data_type IN ('text', 'bytea', 'jsonb')`,
  )
  assert.deepEqual(
    columns.map(({ column_name }) => column_name),
    ['provider'],
  )
})

test('it is gone with the connection, the consent and the account, and does not come back by a late job', async () => {
  const ends: ((someone: Someone) => Promise<unknown>)[] = [
    async someone => {
      await house.withdrawSync(someone)
      await house.events.drain()
    },
    house.erase,
    house.disconnect,
  ]
  for (const end of ends) {
    const someone = await livedPerson()
    assert.ok((await timesOf(someone)) > 0)
    const [grant] = await house.rows('SELECT id FROM integrations.grants WHERE person_id = $1', [someone.id])
    await end(someone)
    const job = house.module.jobs?.find(({ name }) => name === 'integrations.read-past')
    await job?.run({ grantId: grant.id }, AbortSignal.timeout(10_000))
    assert.equal(await timesOf(someone), 0)
    assert.deepEqual(await house.door.past(someone.id), [])
  }
})

test('a page that cannot be read is tried ever more seldom for a week, and then the past says that it is partial', async () => {
  const someone = await house.person('demo@example.test')
  await house.connect(someone)
  const [{ id }] = await house.rows('SELECT id FROM integrations.grants WHERE person_id = $1', [someone.id])
  await house.rows(`INSERT INTO integrations.past VALUES ($1, 'todoist', 1, 9, 0, 0, false, 40)`, [
    someone.id,
  ])
  await house.rows('INSERT INTO integrations.past_reads (grant_id, until, pages) VALUES ($1, now(), 1)', [id])
  const isPartial = async () => (await house.door.past(someone.id)).map(past => past.isPartial)
  assert.deepEqual(await isPartial(), [true], 'the rest is still to be read')
  await house.fault('garbage')
  const startedMs = house.clock.now().getTime()
  const pauses: number[] = []
  for (let times = 0; times < 100; times += 1) {
    await run(someone)
    const [next] = await house.rows(
      `DELETE FROM jobs.job WHERE name = 'integrations.read-past' AND data->>'grantId' = $1 AND state = 'created'
        RETURNING start_after`,
      [id],
    )
    if (!next) break
    const pauseMs = next.start_after.getTime() - house.clock.now().getTime()
    pauses.push(pauseMs)
    house.clock.advance(pauseMs)
  }
  assert.deepEqual(pauses.slice(0, 3), [300_000, 600_000, 1_200_000])
  assert.ok(pauses.every(pauseMs => pauseMs <= 6 * 3_600_000))
  const days = (house.clock.now().getTime() - startedMs) / dayMs
  assert.ok(days > 6.5 && days < 7.5, `${days} days`)
  await house.fault('none')
  await run(someone)
  const [read] = await house.rows('SELECT * FROM integrations.past_reads WHERE grant_id = $1', [id])
  assert.deepEqual([read.is_over, read.is_partial, read.pages], [true, true, 1])
  assert.deepEqual(await isPartial(), [true])
  await house.erase(someone)
})

test('it is exported', async () => {
  const someone = await livedPerson()
  const files = await house.module.exporter?.collect(someone.id)
  const rows = files?.find(({ name }) => name === 'past')?.rows ?? []
  assert.equal(rows.length, (await rowsOf(someone)).length)
  assert.ok(rows.length > 0)
})
