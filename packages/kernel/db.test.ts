import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { createTestDatabase } from '@oo/local'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import {
  closePool,
  databaseTrouble,
  isDatabaseAway,
  isUniqueViolation,
  OutboundError,
  onCommit,
  openPool,
  Problem,
  silentLog,
  transaction,
} from './index.ts'

const database = await createTestDatabase({ empty: true })
const owner = new pg.Client(database.superUrl)
await owner.connect()
await owner.query(`CREATE TABLE notes (id int PRIMARY KEY); GRANT ALL ON notes TO oo_api;
  GRANT CONNECT ON DATABASE ${database.name} TO oo_api; GRANT USAGE ON SCHEMA public TO oo_api`)
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 2 })

after(async () => {
  await closePool(db)
  await owner.end()
  await database.drop()
})
beforeEach(() => owner.query('DELETE FROM notes'))

const withCode = (code: string) => Object.assign(new Error('inside'), { code })
const count = async () => (await owner.query('SELECT 1 FROM notes')).rowCount

test('what a transaction wrote is there after it, and none of it when the work throws', async () => {
  await transaction(db, tx => tx.execute(sql`INSERT INTO notes VALUES (1)`))
  const changedMind = new Error('changed my mind')
  const thrown = transaction(db, async tx => {
    await tx.execute(sql`INSERT INTO notes VALUES (2)`)
    throw changedMind
  })
  await assert.rejects(thrown, changedMind)
  assert.equal(await count(), 1)
})

test('a transaction inside another joins it: both are kept or neither', async () => {
  const thrown = transaction(db, async outer => {
    await transaction(outer, inner => inner.execute(sql`INSERT INTO notes VALUES (1)`))
    throw new Error('too late')
  })
  await assert.rejects(thrown)
  assert.equal(await count(), 0)
})

test('a query that failed and was ignored never counts as committed', async () => {
  const said: string[] = []
  const ignoring = transaction(db, async tx => {
    onCommit(tx, () => said.push('committed'))
    await tx.execute(sql`INSERT INTO notes VALUES (1)`)
    await tx.execute(sql`SELECT 1 / 0`).catch(() => {})
  })
  await assert.rejects(ignoring, /rolled back/)
  assert.deepEqual(said, [])
  assert.equal(await count(), 0)
})

test('onCommit acts once the rows are there, in order; never after a rollback; at once without a transaction', async () => {
  const said: string[] = []
  await transaction(db, async tx => {
    await tx.execute(sql`INSERT INTO notes VALUES (1)`)
    onCommit(tx, () => said.push('first'))
    await transaction(tx, async inner => onCommit(inner, () => said.push('second')))
    assert.deepEqual(said, [])
  })
  assert.deepEqual(said, ['first', 'second'])
  await assert.rejects(
    transaction(db, async tx => {
      onCommit(tx, () => said.push('never'))
      throw new Error('no')
    }),
  )
  onCommit(db, () => said.push('at once'))
  assert.deepEqual(said, ['first', 'second', 'at once'])
})

test('a connection that is lost inside a transaction costs that transaction only', async () => {
  const lost = transaction(db, async tx => {
    const ended = new Promise(resolve => tx.$client.once('end', resolve))
    const { rows } = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
    await owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await ended
    await tx.execute(sql`INSERT INTO notes VALUES (1)`)
  })
  await assert.rejects(lost, isDatabaseAway)
  await transaction(db, tx => tx.execute(sql`INSERT INTO notes VALUES (2)`))
  assert.equal(await count(), 1)
})

test('a database that cannot be reached is a problem that says so', async () => {
  const nowhere = openPool('postgres://oo_api@127.0.0.1:1/oo', { log: silentLog, name: 'test' })
  const asked = transaction(nowhere, async () => {})
  await assert.rejects(asked, error => error instanceof Problem && error.code === 'database_away')
  await closePool(nowhere)
})

test('away is told from wrong, also where the reason is wrapped', async () => {
  for (const code of ['57P01', '57P02', '57P03', '08006', '53300', 'ECONNREFUSED', 'ENOENT', 'EHOSTUNREACH'])
    assert.ok(isDatabaseAway(new Error('Failed query', { cause: withCode(code) })), code)
  assert.ok(isDatabaseAway(new Error('Connection terminated unexpectedly')))
  for (const code of ['23505', '42601', '57014']) assert.ok(!isDatabaseAway(withCode(code)), code)
  assert.ok(!isDatabaseAway('57P01'))
  assert.ok(!isDatabaseAway(undefined))

  await transaction(db, tx => tx.execute(sql`INSERT INTO notes VALUES (1)`))
  const twice = transaction(db, tx => tx.execute(sql`INSERT INTO notes VALUES (1)`))
  await assert.rejects(twice, error => isUniqueViolation(error) && !isDatabaseAway(error))
})

test('a provider that refuses a connection is not taken for the database', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  assert.equal(isDatabaseAway(refused), true)
  assert.equal(isDatabaseAway(new OutboundError('network', 'Todoist', refused)), false)
  assert.equal(
    isDatabaseAway(new Error('the task', { cause: new OutboundError('network', 'Todoist', refused) })),
    false,
  )
})

test('a database without room is told apart from one that is away', () => {
  for (const code of ['53100', '53200', '53400', 'ENOSPC'])
    assert.equal(databaseTrouble(new Error('Failed query', { cause: withCode(code) }))?.code, 'database_full')
  assert.equal(databaseTrouble(withCode('57P01'))?.code, 'database_away')
  assert.equal(databaseTrouble(withCode('42601')), undefined)
})
