import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { getTableConfig } from 'drizzle-orm/pg-core'
import { cards, consents } from './tables.ts'
import { exporterOf, openHouse } from './testHouse.ts'

const house = await openHouse()
after(() => house.stop())

test('the tables of the code have the columns of the database', async () => {
  for (const table of [cards, consents]) {
    const { schema, name, columns } = getTableConfig(table)
    const found = await house.rows(
      `SELECT column_name AS name, is_nullable = 'NO' AS required FROM information_schema.columns
       WHERE table_schema = $1 AND table_name = $2`,
      [schema, name],
    )
    const ours = columns.map(column => ({ name: column.name, required: column.notNull }))
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
    assert.deepEqual(ours.sort(byName), found.sort(byName))
  }
})

test('each table and column says whether it is personal, and what is personal is exported and erased', async () => {
  const found = await house.rows(
    `SELECT n.nspname || '.' || c.relname AS place, a.attname AS column, d.description AS says
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = coalesce(a.attnum, 0)
     WHERE n.nspname = 'profile' AND c.relkind = 'r'`,
  )
  assert.equal(found.length, 15)
  for (const { place, column, says } of found)
    assert.match(says ?? '', /^(personal|plain): \S/, `${place}.${column}`)
  const personal = [
    ...new Set(found.filter(row => row.says.startsWith('personal: ')).map(row => row.place)),
  ].sort()
  assert.deepEqual(exporterOf(house).tables, personal)
  assert.deepEqual(house.module.eraser?.tables, personal)
})

test('an answer once given is history: the process that serves may not change it', async () => {
  await assert.rejects(house.rows('UPDATE profile.consents SET granted = true'), /permission denied/)
})
