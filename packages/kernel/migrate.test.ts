import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '@oo/local'
import pg from 'pg'
import { migrate } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'oo-migrations-'))
const modules = [{ schema: 'garden', folder }]
const databases: TestDatabase[] = []
let database: TestDatabase

beforeEach(async () => {
  for (const name of ['0001_beds.sql', '0002_plants.sql', '0003_paths.sql'])
    rmSync(join(folder, name), { force: true })
  database = await createTestDatabase({ empty: true })
  databases.push(database)
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  for (const { drop } of databases) await drop()
})

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const run = () => migrate(database.url('oo_owner'), modules)

async function tables(): Promise<string[]> {
  const client = new pg.Client(database.superUrl)
  await client.connect()
  const { rows } = await client.query<{ tablename: string }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'garden' ORDER BY tablename`,
  )
  await client.end()
  return rows.map(row => row.tablename)
}

test('each file is applied once, in order, and a later run adds only what is new', async () => {
  write('0002_plants.sql', 'CREATE TABLE garden.plants (bed int REFERENCES garden.beds)')
  write('0001_beds.sql', 'CREATE TABLE garden.beds (id int PRIMARY KEY)')
  assert.deepEqual(await run(), ['garden/0001_beds.sql', 'garden/0002_plants.sql'])
  assert.deepEqual(await run(), [])
  write('0003_paths.sql', 'CREATE TABLE garden.paths ()')
  assert.deepEqual(await run(), ['garden/0003_paths.sql'])
})

test('a file that changed after it was applied is refused, and nothing new is applied beside it', async () => {
  write('0001_beds.sql', 'CREATE TABLE garden.beds ()')
  await run()
  write('0001_beds.sql', 'CREATE TABLE garden.beds (id int)')
  write('0002_plants.sql', 'CREATE TABLE garden.plants ()')
  await assert.rejects(run(), /0001_beds\.sql was changed after it had been applied/)
  assert.deepEqual(await tables(), ['beds'])
})

test('a database newer than the code is refused', async () => {
  write('0001_beds.sql', 'CREATE TABLE garden.beds ()')
  write('0002_plants.sql', 'CREATE TABLE garden.plants ()')
  await run()
  rmSync(join(folder, '0002_plants.sql'))
  await assert.rejects(run(), /newer than this version of oO \(it has garden\/0002_plants\.sql\)/)
})

test('a file that fails is rolled back whole; what came before stays, and the next run goes on from there', async () => {
  write('0001_beds.sql', 'CREATE TABLE garden.beds ()')
  write('0002_plants.sql', 'CREATE TABLE garden.plants (); SELECT 1 / 0')
  await assert.rejects(run(), /0002_plants\.sql failed and was rolled back: division by zero/)
  assert.deepEqual(await tables(), ['beds'])
  write('0002_plants.sql', 'CREATE TABLE garden.plants ()')
  assert.deepEqual(await run(), ['garden/0002_plants.sql'])
})

test('processes that migrate at once apply each file once', async () => {
  write('0001_beds.sql', 'CREATE TABLE garden.beds ()')
  const applied = await Promise.all([run(), run(), run()])
  assert.deepEqual(applied.flat(), ['garden/0001_beds.sql'])
})
