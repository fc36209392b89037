import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closePool, openListener, openPool, silentLog, transaction } from '@oo/kernel'
import { until } from '@oo/local'
import { createEvents, type EventsParts } from './index.ts'
import { openTestLog } from './testLog.ts'

const house = await openTestLog()
// Another process, as far as memories know: a pool and a listener of its own.
const otherDb = openPool(house.database.url('oo_api'), { log: silentLog, name: 'other' })
const listener = openListener(otherDb, { log: silentLog })
await listener.start()

after(async () => {
  await listener.stop()
  await closePool(otherDb)
  await house.close()
})

const peopleIn = ({ door }: EventsParts) => door.recent().map(({ personId }) => personId)

test('what an erased person did leaves the memory of every process', async () => {
  const [here, there] = [house.open(), createEvents({ ...house.ctx, db: otherDb })]
  const [mine, theirs] = [house.person(), house.person()]
  for (const person of [mine, theirs]) await house.show(here.door, 'tip', person)
  await Promise.all([here.drain(), there.drain()])
  assert.deepEqual([peopleIn(here), peopleIn(there)], Array(2).fill([mine, theirs]))
  await transaction(house.db, tx => here.module.eraser?.erase(tx, mine) ?? Promise.reject(new Error('none')))
  assert.deepEqual(peopleIn(here), [theirs])
  await until('the other process forgets', () => !peopleIn(there).includes(mine))
  assert.deepEqual(peopleIn(there), [theirs])
})

test('a process that was cut off forgets everything, and goes on', async () => {
  const there = createEvents({ ...house.ctx, db: otherDb })
  const person = house.person()
  await house.show(there.door, 'before', person)
  await there.drain()
  assert.ok(peopleIn(there).includes(person))
  await house.rows(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener' AND datname = current_database()",
  )
  await until('everything is forgotten', () => peopleIn(there).length === 0)
  await house.show(there.door, 'after', person)
  await there.drain()
  assert.deepEqual(peopleIn(there), [person])
})
