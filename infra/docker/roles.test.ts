import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '@oo/local'
import pg from 'pg'
import { readRepository } from './deployment.ts'

// Roles belong to the whole server, which other tests share: here they carry a prefix of this run.
const prefix = `t${randomBytes(4).toString('hex')}`
const password = 'password-of-this-test'
let database: TestDatabase

const urlAs = (role: string, name: string) =>
  database.superUrl.replace(/\/\/[^@]*@\/[^?]*/, `//${prefix}_${role}:${password}@/${name}`)

async function onClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
  await client.connect()
  return use(client).finally(() => client.end())
}

before(async () => {
  database = await createTestDatabase({ empty: true })
  // psql reads the passwords from its environment; here each is filled in, and a statement is sent by itself.
  const sql = readRepository('infra/docker/postgres/roles.sql')
    .replace(/^(--|\\getenv).*\n/gm, '')
    .replace(/:'\w+_password'/g, `'${password}'`)
    .replace(/\boo_/g, `${prefix}_`)
    .replace(/\bDATABASE oo\b/g, `DATABASE ${prefix}`)
  await onClient(database.superUrl, async client => {
    for (const statement of sql.split(';').map(text => text.trim()))
      if (statement) await client.query(statement)
  })
})

after(async () => {
  await onClient(database.superUrl, async client => {
    await client.query(`DROP DATABASE IF EXISTS ${prefix} WITH (FORCE)`)
    for (const role of ['owner', 'api', 'ml', 'reader'])
      await client.query(`DROP ROLE IF EXISTS ${prefix}_${role}`)
  })
  await database.drop()
})

test('each of the four roles signs in to the database with its own password', async () => {
  for (const role of ['owner', 'api', 'ml', 'reader']) {
    const { rows } = await onClient(urlAs(role, prefix), client => client.query('SELECT current_user AS me'))
    assert.equal(rows[0].me, `${prefix}_${role}`)
  }
})

test('only the owner may make schemas', async () => {
  await onClient(urlAs('owner', prefix), client => client.query('CREATE SCHEMA probe'))
  for (const role of ['api', 'ml', 'reader']) {
    const tried = onClient(urlAs(role, prefix), client => client.query(`CREATE SCHEMA probe_${role}`))
    await assert.rejects(tried, /permission denied/)
  }
})
