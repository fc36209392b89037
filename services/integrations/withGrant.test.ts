import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Problem } from '@oo/kernel'
import { serve } from './connectors/conformance/serve.ts'
import { askNotBefore } from './store.ts'
import { type House, openHouse, type Someone } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

const signal = () => AbortSignal.timeout(5_000)
const grantOf = async (someone: Someone) =>
  (await house.rows('SELECT * FROM integrations.grants WHERE person_id = $1', [someone.id]))[0]

async function connected() {
  const someone = await house.person()
  await house.connect(someone)
  const { tasks } = await house.door.openTasks(someone.id, { waitMs: 5_000 })
  return { someone, tasks: tasks.map(task => task.externalId) }
}
const expire = (someone: Someone) => house.control(`todoist/${someone.email}/grants/expire`, {})
const revoke = (someone: Someone) => house.control(`todoist/${someone.email}/grants/revoke`, {})

test('ten calls at once in two processes spend a refresh token once', async () => {
  const { someone, tasks } = await connected()
  const before = await grantOf(someone)
  await expire(someone)
  const doors = [house.door, house.another().door]
  const calls = Array.from({ length: 10 }, (_, n) =>
    doors[n % 2]?.complete(someone.id, 'todoist', tasks[n % tasks.length] ?? '', signal()),
  )
  await Promise.all(calls)
  assert.deepEqual(await house.refreshes(someone), [1])
  const now = await grantOf(someone)
  assert.deepEqual([now?.version, now?.state], [2, 'connected'])
  assert.notDeepEqual(now?.tokens, before?.tokens)
  assert.notDeepEqual(now?.wrapped_key, before?.wrapped_key, 'a data key of its own')
})

test('what the provider asked to wait counts from its answer, and a shorter wait heard later does not end it', async t => {
  const { someone, tasks } = await connected()
  const complete = () => house.door.complete(someone.id, 'todoist', tasks[0] ?? '', signal())
  const leftMs = async () => (await grantOf(someone)).ask_not_before.getTime() - house.clock.now().getTime()
  await house.fault('429', { ms: 90_000, count: 1 })
  await assert.rejects(complete(), { retryAfterSeconds: 90 })
  const { id } = await grantOf(someone)
  await askNotBefore(house.db, id, new Date(house.clock.now().getTime() + 5_000))
  assert.equal(await leftMs(), 90_000)
  house.clock.advance(90_000)
  const slow = await serve((_request, response) => {
    house.clock.advance(4_000)
    response.writeHead(429, { 'retry-after': '10' }).end('{}')
  })
  t.after(slow.stop)
  const { door } = house.another({ baseUrl: slow.url })
  await assert.rejects(door.complete(someone.id, 'todoist', tasks[0] ?? '', signal()), {
    retryAfterSeconds: 10,
  })
  assert.equal(await leftMs(), 10_000)
})

test('a token that is about to run out is refreshed before it is used', async () => {
  const { someone, tasks } = await connected()
  house.clock.advance(3_600_000 - 59_000)
  await house.door.complete(someone.id, 'todoist', tasks[0] ?? '', signal())
  assert.deepEqual(await house.refreshes(someone), [1])
  await house.door.reopen(someone.id, 'todoist', tasks[0] ?? '', signal())
  assert.deepEqual(await house.refreshes(someone), [1])
})

test('a grant that was withdrawn at the provider asks to be connected again, and heals by it', async () => {
  const { someone, tasks } = await connected()
  await revoke(someone)
  house.clock.advance(30_000)
  const refused = house.door.complete(someone.id, 'todoist', tasks[0] ?? '', signal())
  await assert.rejects(
    refused,
    (error: unknown) => error instanceof Problem && error.code === 'source_reconnect',
  )
  assert.equal((await grantOf(someone))?.state, 'reconnect')
  assert.deepEqual(await house.door.openTasks(someone.id, { waitMs: 5_000 }), {
    state: 'reconnect',
    tasks: [],
  })
  const row = await house.list(someone)
  assert.equal(row.state, 'reconnect')
  assert.match(row.message ?? '', /Connect it again/)
  await house.connect(someone)
  assert.equal((await house.list(someone)).state, 'connected')
})

test('a withdrawn grant is noticed by looking, and its text leaves memory', async () => {
  const { someone, tasks } = await connected()
  await revoke(someone)
  const other = house.another()
  assert.equal((await other.door.openTasks(someone.id, { waitMs: 5_000 })).state, 'reconnect')
  assert.equal((await house.door.openTasks(someone.id, { waitMs: 5_000 })).state, 'reconnect')
  assert.equal(other.door.stateOf(someone.id, 'todoist', tasks[0] ?? ''), 'unknown')
})

test('a provider that fails while it refreshes costs nothing but time', async () => {
  const { someone, tasks } = await connected()
  await expire(someone)
  house.clock.advance(3_600_000)
  await house.fault('500', { count: 1 })
  const away = house.door.complete(someone.id, 'todoist', tasks[0] ?? '', signal())
  await assert.rejects(away, (error: unknown) => error instanceof Problem && error.code === 'source_away')
  assert.equal((await grantOf(someone))?.state, 'connected')
  await house.door.complete(someone.id, 'todoist', tasks[0] ?? '', signal())
  assert.deepEqual(await house.refreshes(someone), [1])
})

test('while a provider takes its time to refresh, no reader of the event log waits for it', async () => {
  const { someone, tasks } = await connected()
  await expire(someone)
  house.clock.advance(3_600_000)
  await house.fault('slow', { ms: 700, count: 1 })
  let isOver = false
  const call = house.door.complete(someone.id, 'todoist', tasks[0] ?? '', signal()).then(() => {
    isOver = true
  })
  const seen = { waiting: 0, withId: 0 }
  while (!isOver) {
    const open = await house.rows(
      `SELECT backend_xid FROM pg_stat_activity WHERE datname = current_database()
          AND state = 'idle in transaction' AND state_change < clock_timestamp() - interval '100 ms'`,
    )
    seen.waiting += open.length
    seen.withId += open.filter(row => row.backend_xid !== null).length
  }
  await call
  assert.ok(seen.waiting > 0, 'the refresh was expected to be met while it waits')
  assert.equal(seen.withId, 0)
  assert.deepEqual(await house.refreshes(someone), [1])
})

test('credentials of ours that Todoist refuses do not ask people to connect again', async () => {
  const { someone, tasks } = await connected()
  await expire(someone)
  const wrong = house.another({ clientSecret: 'not the secret' })
  const away = wrong.door.complete(someone.id, 'todoist', tasks[0] ?? '', signal())
  await assert.rejects(away, (error: unknown) => error instanceof Problem && error.code === 'source_away')
  assert.equal((await grantOf(someone))?.state, 'connected')
})
