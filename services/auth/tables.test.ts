import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import * as tables from './tables.ts'
import { openWorld } from './testWorld.ts'

const world = await openWorld()
after(() => world.close())

test('the code and the database name the same tables and columns', async () => {
  const { rows } = await world.db.$client.query(
    "SELECT table_name || '.' || column_name AS name, is_nullable = 'YES' AS nullable FROM information_schema.columns WHERE table_schema = 'auth' ORDER BY 1",
  )
  const known = Object.values(tables)
    .filter(table => is(table, PgTable))
    .flatMap(table =>
      Object.values(getTableColumns(table)).map(({ name, notNull }) => ({
        name: `${getTableName(table)}.${name}`,
        nullable: !notNull,
      })),
    )
  assert.deepEqual(
    known.sort((a, b) => (a.name < b.name ? -1 : 1)),
    rows,
  )
})

test('every table and column says whether it is personal, and the personal ones are exported and erased', async () => {
  const { rows } = await world.db.$client.query(
    `SELECT c.relname AS table, a.attname AS column, col_description(c.oid, a.attnum) AS of_column, obj_description(c.oid) AS of_table
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = 'auth'::regnamespace AND c.relkind = 'r'`,
  )
  const { exporter, eraser } = world.start().module
  for (const row of rows) {
    assert.match(row.of_table ?? '', /^(personal|plain): /, row.table)
    assert.match(row.of_column ?? '', /^(personal|plain): /, `${row.table}.${row.column}`)
    const isPersonal = row.of_table.startsWith('personal')
    for (const part of [exporter, eraser])
      assert.equal(part?.tables.includes(`auth.${row.table}`), isPersonal, row.table)
  }
})
