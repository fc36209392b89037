import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { until } from '@oo/local'
import { type CalendarHouse, openCalendarHouse } from './calendar/testCalendar.ts'
import type { Someone } from './testHouse.ts'

let house: CalendarHouse
before(async () => {
  house = await openCalendarHouse()
})
after(() => house.stop())
afterEach(() => Promise.all(['todoist', 'google'].map(target => house.fault('none', { target }))))

const answersMs = 1_500

/** The provider takes its time, and in between something happens. */
async function meanwhile(
  target: 'todoist' | 'google',
  work: () => Promise<unknown>,
  happens: () => Promise<unknown>,
) {
  await house.fault('slow', { target, ms: answersMs, count: 1 })
  let isOver = false
  const working = work().finally(() => {
    isOver = true
  })
  await until('the provider is asked', async () => !(target in (await house.control<object>('faults'))))
  await happens()
  assert.ok(!isOver, 'it was still under way')
  await working
}

const withdraw = async (someone: Someone, purpose: 'sync' | 'calendar' = 'sync') => {
  await house.withdrawSync(someone, purpose)
  await house.events.drain()
}
const allow = async (someone: Someone) => {
  await house.allowSync(someone)
  await house.events.drain()
}

async function withTasks(email?: string): Promise<Someone> {
  const someone = { ...(await house.person()), ...(email && { email }) }
  await house.connect(someone)
  return someone
}
const lookAtTasks = ({ id: personId }: Someone) =>
  house.looks.at({ personId, source: 'todoist', signal: AbortSignal.timeout(10_000) })
const grantOf = async ({ id }: Someone) =>
  (await house.rows('SELECT * FROM integrations.grants WHERE person_id = $1', [id]))[0]
const countOf = async (table: string, { id }: Someone) =>
  (await house.rows(`SELECT FROM integrations.${table} WHERE person_id = $1`, [id])).length

test('a look that was under way when the consent was withdrawn keeps nothing of what it read', async () => {
  const someone = await withTasks()
  await meanwhile(
    'todoist',
    () => lookAtTasks(someone),
    () => withdraw(someone),
  )
  assert.equal(await countOf('open_items', someone), 0)
  assert.equal((await grantOf(someone)).changes_mark, null)
})

test('nor does one that ends after it was given again tell what closed in between', async () => {
  const someone = await withTasks()
  const { id } = await house.addTask(someone, { content: 'Post the letter' })
  await lookAtTasks(someone)
  await meanwhile(
    'todoist',
    () => lookAtTasks(someone),
    async () => {
      await withdraw(someone)
      await house.control(`todoist/${someone.email}/tasks/${id}/complete`, {})
      await allow(someone)
    },
  )
  assert.deepEqual(await house.told(someone), [])
  assert.ok((await countOf('open_items', someone)) > 0)
})

test('a calendar that is being read when either consent is withdrawn leaves no time behind', async () => {
  for (const purpose of ['sync', 'calendar'] as const) {
    const someone = await house.connected()
    await house.add(someone, 30, 60)
    await meanwhile(
      'google',
      () => house.look(someone),
      () => withdraw(someone, purpose),
    )
    assert.deepEqual(await house.kept(someone), [], purpose)
    assert.equal(await house.calendarRow(someone), undefined, purpose)
  }
})

test('what is read of the past when the consent is withdrawn is not counted, and does not go on when it is given again', async () => {
  const someone = await withTasks('demo@example.test')
  const { id: grantId } = await grantOf(someone)
  const job = house.module.jobs?.find(({ name }) => name === 'integrations.read-past')
  const read = async () => job?.run({ grantId }, AbortSignal.timeout(10_000))
  await meanwhile('todoist', read, () => withdraw(someone))
  assert.equal(await countOf('past', someone), 0)
  assert.deepEqual(await house.rows('SELECT FROM integrations.past_reads'), [])
  await allow(someone)
  await house.rows('INSERT INTO integrations.past_reads (grant_id, until, pages) VALUES ($1, now(), 3)', [
    grantId,
  ])
  await meanwhile('todoist', read, async () => {
    await withdraw(someone)
    await allow(someone)
  })
  await read()
  assert.equal(await countOf('past', someone), 0)
})

test('a consent is withdrawn while tokens are being refreshed, and nothing waits for the provider', async () => {
  const someone = await house.connected()
  await house.add(someone, 30, 60)
  house.clock.advance(2 * 3_600_000)
  const refreshing = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  await meanwhile(
    'google',
    () => house.look(someone),
    async () => {
      assert.ok((await house.rows(refreshing)).length > 0, 'the refresh holds the grant')
      await withdraw(someone, 'calendar')
      assert.ok((await grantOf(someone)).rests, 'it is heard')
      assert.ok((await house.rows(refreshing)).length > 0, 'and the refresh goes on')
    },
  )
  assert.deepEqual(await house.kept(someone), [])
})

test('a missing consent is nobody’s trouble: no look fails by it, and the first one after it comes at once', async () => {
  const someone = await withTasks()
  await withdraw(someone)
  for (let times = 0; times < 3; times += 1) await lookAtTasks(someone)
  const grant = await grantOf(someone)
  assert.deepEqual([grant.look_failures, grant.rests], [0, true])
  assert.ok(grant.look_at > house.clock.now())
  assert.match((await house.list(someone)).message ?? '', /You withdrew the consent/)
  await allow(someone)
  await house.looks.round()
  await house.looks.idle()
  assert.ok((await countOf('open_items', someone)) > 0)
  assert.equal((await grantOf(someone)).rests, false)
})

test('of the past nothing is said without the consent, though it were there', async () => {
  const someone = await withTasks()
  await house.rows(`INSERT INTO integrations.past VALUES ($1, 'todoist', 1, 9, 0, 0, false, 40)`, [
    someone.id,
  ])
  assert.equal((await house.door.past(someone.id)).length, 1)
  await house.withdrawSync(someone)
  assert.deepEqual(await house.door.past(someone.id), [])
})
