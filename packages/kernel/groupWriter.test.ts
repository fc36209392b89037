import assert from 'node:assert/strict'
import { after, beforeEach, mock, test } from 'node:test'
import { createTestDatabase, until } from '@oo/local'
import pg from 'pg'
import { closePool, type GroupWork, openGroupWriter, openPool, Problem, silentLog, type Tx } from './index.ts'

const database = await createTestDatabase({ empty: true })
const owner = new pg.Client(database.superUrl)
await owner.connect()
await owner.query(`CREATE TABLE notes (id int PRIMARY KEY); GRANT ALL ON notes TO oo_api;
  GRANT CONNECT ON DATABASE ${database.name} TO oo_api; GRANT USAGE ON SCHEMA public TO oo_api`)
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 4 })

after(async () => {
  await closePool(db)
  await owner.end()
  await database.drop()
})
beforeEach(async () => {
  await owner.query('DELETE FROM notes')
})

const noteCount = async () => (await owner.query('SELECT 1 FROM notes')).rowCount
const insert = (tx: Tx, ids: readonly number[]) =>
  tx.$client.query('INSERT INTO notes SELECT * FROM unnest($1::int[])', [ids])

/** Writes numbers; says which were written together, and can be made to wait before it does. */
function notes() {
  const groups: number[][] = []
  const gate = { opens: Promise.resolve() }
  const work: GroupWork<number, number> = {
    name: 'notes',
    async write(tx, ids, alone) {
      groups.push([...ids])
      if (!alone) await gate.opens
      await insert(tx, ids)
      return ids.map(done => ({ done }))
    },
  }
  const close = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gate.opens = promise
    return resolve
  }
  return { groups, work, close }
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at)

test('what arrives while a group is written is the next group, and each is answered after its commit', async () => {
  const { groups, work, close } = notes()
  const writer = openGroupWriter(db, work)
  const open = close()
  const first = writer.write(0)
  await until('a group is begun', () => groups.length === 1)
  const rest = upTo(20).map(async id => {
    await writer.write(id + 1)
    const { rowCount } = await db.$client.query('SELECT 1 FROM notes WHERE id = $1', [id + 1])
    assert.equal(rowCount, 1, 'answered before it was there for others')
  })
  open()
  await Promise.all([first, ...rest])
  assert.deepEqual(groups, [[0], upTo(20).map(id => id + 1)])
})

test('a member that cannot be written harms nobody: its group is tried again one by one', async () => {
  await owner.query('INSERT INTO notes VALUES (3)')
  const writer = openGroupWriter(db, notes().work)
  const answers = await Promise.allSettled(upTo(6).map(id => writer.write(id)))
  assert.deepEqual(
    answers.flatMap(({ status }, at) => (status === 'rejected' ? [at] : [])),
    [3],
  )
  assert.equal(await noteCount(), 6)
})

test('a member that is refused keeps nobody from being written', async () => {
  const writer = openGroupWriter<number, number>(db, {
    name: 'odd',
    async write(tx, ids) {
      await insert(
        tx,
        ids.filter(id => id % 2 === 1),
      )
      return ids.map(id => (id % 2 === 1 ? { done: id } : { refused: new Error('even') }))
    },
  })
  const answers = await Promise.allSettled(upTo(4).map(id => writer.write(id)))
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal(await noteCount(), 2)
})

test('a member that asks for it is written alone, and the others do not wait for it', async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const writer = openGroupWriter<number, number>(db, {
    name: 'held',
    async write(tx, ids, alone) {
      if (alone) await held
      const now = alone ? ids : ids.filter(id => id !== 1)
      await insert(tx, now)
      return ids.map(id => (now.includes(id) ? { done: id } : 'alone'))
    },
  })
  const late = writer.write(1)
  await Promise.all([writer.write(0), writer.write(2)])
  assert.equal(await noteCount(), 2)
  letGo()
  assert.equal(await late, 1)
})

test('when too many wait, the next one is told to come again in a second', async () => {
  const { groups, work, close } = notes()
  const writer = openGroupWriter(db, work, { unanswered: 3, group: 2, aloneAtOnce: 1 })
  const open = close()
  const taken = upTo(3).map(id => writer.write(id))
  await assert.rejects(
    writer.write(9),
    error => error instanceof Problem && error.status === 503 && error.retryAfterSeconds === 1,
  )
  open()
  assert.deepEqual(await Promise.all(taken), [0, 1, 2])
  assert.deepEqual(groups, [[0, 1], [2]])
  assert.equal(await writer.write(9), 9)
})

test('a stop answers everyone who was taken and takes nobody new', async () => {
  const { work, close } = notes()
  const writer = openGroupWriter(db, work)
  const open = close()
  const taken = upTo(5).map(id => writer.write(id))
  const stopped = writer.stop()
  await assert.rejects(writer.write(9), error => error instanceof Problem && error.status === 503)
  open()
  await stopped
  assert.equal(await noteCount(), 5)
  assert.deepEqual(await Promise.all(taken), upTo(5))
})

test('a connection that is lost acknowledges nobody, and the writer goes on with the next one', async () => {
  const { groups, work, close } = notes()
  const writer = openGroupWriter(db, work)
  const open = close()
  const answers = Promise.allSettled(upTo(3).map(id => writer.write(id)))
  await until('a group is begun', () => groups.length === 1)
  await until('its connection is ended', async () => {
    const ended = await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'`,
    )
    return ended.rowCount === 1
  })
  open()
  for (const { status } of await answers) assert.equal(status, 'rejected')
  assert.equal(await noteCount(), 0)
  assert.equal(groups.length, 1, 'whether it was committed is not known: nobody is written a second time')
  assert.equal(await writer.write(7), 7)
})

test('a group of fifty costs as many statements as one alone', async () => {
  const writer = openGroupWriter(db, notes().work)
  await writer.write(100)
  const said = mock.method(pg.Client.prototype, 'query')
  try {
    await Promise.all(upTo(50).map(id => writer.write(id)))
    assert.equal(said.mock.callCount(), 3)
  } finally {
    said.mock.restore()
  }
})
