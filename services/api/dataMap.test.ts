import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { getTableConfig } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { startInstance } from './testInstance.ts'

// The data map is the comments on the tables: `personal:` belongs to a person, `plain:` does not. A column that
// says neither, or a table with personal data that nobody exports or erases, fails here.
interface Column {
  place: string
  column: string
  about: string | null
  tableAbout: string | null
  required: boolean
}

let instance: Awaited<ReturnType<typeof startInstance>>
let columns: Column[]
before(async () => {
  instance = await startInstance()
  const client = new pg.Client({ connectionString: instance.database.superUrl })
  await client.connect()
  const { rows } = await client.query<Column>(`
    SELECT n.nspname || '.' || c.relname AS place, a.attname AS column, a.attnotnull AS required,
           col_description(c.oid, a.attnum) AS about, obj_description(c.oid, 'pg_class') AS "tableAbout"
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'jobs', 'public')`)
  await client.end()
  columns = rows
})
after(() => instance.stop())

const says = (about: string | null) => /^(personal|plain): \S/.test(about ?? '')

test('every table and column says whether it is about a person, and what it holds', () => {
  assert.ok(columns.length > 60, `only ${columns.length} columns were found`)
  const silent = columns.filter(({ about, tableAbout }) => !says(about) || !says(tableAbout))
  assert.deepEqual(
    silent.map(({ place, column }) => `${place}.${column}`),
    [],
  )
})

test('the code and the database name the same tables and columns', () => {
  const known = instance.api.modules.flatMap(module =>
    (module.tables ?? []).flatMap(table => {
      const { schema, name, columns } = getTableConfig(table)
      return columns.map(
        column => `${schema}.${name}.${column.name} ${column.notNull ? 'required' : 'optional'}`,
      )
    }),
  )
  const found = columns
    .filter(({ place }) => !place.startsWith('ml.'))
    .map(({ place, column, required }) => `${place}.${column} ${required ? 'required' : 'optional'}`)
  assert.deepEqual(known.toSorted(), found.toSorted())
})

test('every key that a master key wraps is re-wrapped by its module when the master key is changed', () => {
  const held = instance.api.modules.flatMap(module => module.keys ?? []).flatMap(({ tables }) => tables)
  const wrapped = columns.filter(({ column }) => column === 'kek_id').map(({ place }) => place)
  assert.deepEqual(held.toSorted(), wrapped.toSorted())
})

test('every table with personal data has an exporter and an eraser', () => {
  const personal = new Set(
    columns.filter(({ about }) => about?.startsWith('personal:')).map(({ place }) => place),
  )
  const exported = new Set(instance.api.modules.flatMap(module => module.exporter?.tables ?? []))
  const erased = new Set(instance.api.modules.flatMap(module => module.eraser?.tables ?? []))
  assert.deepEqual(
    [...personal].filter(place => !exported.has(place)),
    [],
    'nobody exports these',
  )
  assert.deepEqual(
    [...personal].filter(place => !erased.has(place)),
    [],
    'nobody erases these',
  )
  const known = new Set(columns.map(({ place }) => place))
  assert.deepEqual(
    [...exported, ...erased].filter(place => !known.has(place)),
    [],
    'these tables do not exist',
  )
})
