import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemRandom, transaction } from '@oo/kernel'
import { until } from '@oo/local'
import { getTableConfig } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { type Grant, holdGrant, lockGrant, lockGrantsAt } from './store.ts'
import { grants, revocations } from './tables.ts'
import { type House, openHouse } from './testHouse.ts'
import { grantPlace, openVault } from './vault.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

async function grantOf(personId: string): Promise<Grant> {
  const [grant] = await house.rows(
    `SELECT id, person_id AS "personId", provider, state, version, kek_id AS "kekId", wrapped_key AS "wrappedKey",
     tokens, connected_at AS "connectedAt" FROM integrations.grants WHERE person_id = $1`,
    [personId],
  )
  return grant
}

/** Every table whose rows, as text, hold one of the words; the columns are read as PostgreSQL writes them. */
async function tablesWith(client: pg.Client, words: string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  )
  const found: string[] = []
  for (const { name } of rows) {
    const hit = await client.query(
      `SELECT 1 FROM ${name} t WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) w WHERE position(w IN t::text) > 0) LIMIT 1`,
      [words],
    )
    if (hit.rowCount) found.push(name)
  }
  return found
}

test('no column of the database holds a token; a token put there on purpose is found', async () => {
  const ada = await house.person()
  await house.connect(ada)
  await house.control(`todoist/${ada.email}/grants/expire`, {})
  await house.door.openTasks(ada.id, { waitMs: 5_000 })
  const grant = await grantOf(ada.id)
  assert.equal(grant.version, 2)
  const tokens = openVault(house.settings.keyring, systemRandom).open(grant, grantPlace(grant))
  const plain = [tokens.access, tokens.refresh ?? ''].map(token => token.slice(-30))
  assert.ok(plain.every(part => part.length === 30))
  const words = plain.flatMap(part => [
    part,
    Buffer.from(part).toString('hex'),
    ...[0, 1, 2].map(shift =>
      Buffer.from(`${'x'.repeat(shift)}${part}`)
        .toString('base64')
        .slice(4, -4),
    ),
  ])
  const client = new pg.Client({ connectionString: house.superUrl })
  await client.connect()
  try {
    assert.deepEqual(await tablesWith(client, words), [])
    await client.query('CREATE TABLE public.as_text (a jsonb); CREATE TABLE public.as_bytes (a bytea)')
    await client.query('CREATE TABLE public.as_base64 (a text)')
    const bytes = Buffer.from(JSON.stringify(tokens))
    await client.query('INSERT INTO public.as_text VALUES ($1)', [JSON.stringify(tokens)])
    await client.query('INSERT INTO public.as_bytes VALUES ($1)', [bytes])
    await client.query('INSERT INTO public.as_base64 VALUES ($1)', [bytes.toString('base64')])
    assert.deepEqual((await tablesWith(client, words)).sort(), [
      'public.as_base64',
      'public.as_bytes',
      'public.as_text',
    ])
  } finally {
    await client.end()
  }
})

test('a grant moved to another person does not open, and nothing is sent with it', async () => {
  const ada = await house.person()
  const eve = await house.person()
  await house.connect(ada)
  await house.connect(eve)
  await house.rows('DELETE FROM integrations.grants WHERE person_id = $1', [eve.id])
  await house.rows('UPDATE integrations.grants SET person_id = $2 WHERE person_id = $1', [ada.id, eve.id])
  const asked = await house.asked('')
  assert.deepEqual(await house.door.openTasks(eve.id, { waitMs: 5_000 }), { state: 'away', tasks: [] })
  await assert.rejects(house.door.complete(eve.id, 'todoist', 'x', AbortSignal.timeout(5_000)))
  assert.equal(await house.asked(''), asked)
  assert.equal((await house.disconnect(eve)).status, 204, 'even so she can leave')
})

test('the tables in code are the tables in the database, and every column says what it holds', async () => {
  for (const table of [grants, revocations]) {
    const { name, columns } = getTableConfig(table)
    const stored = await house.rows(
      `SELECT column_name, is_nullable, col_description(format('integrations.%I', table_name)::regclass, ordinal_position) AS about
       FROM information_schema.columns WHERE table_schema = 'integrations' AND table_name = $1`,
      [name],
    )
    const inCode = columns.map(column => [column.name, column.notNull ? 'NO' : 'YES'])
    assert.deepEqual(stored.map(row => [row.column_name, row.is_nullable]).sort(), inCode.sort())
    for (const { column_name, about } of stored) assert.match(about ?? '', /^(personal|plain): /, column_name)
  }
})

test('who writes of a grant waits for others who write, never for who spends its tokens', async () => {
  const ada = await house.person()
  await house.connect(ada)
  const { id } = await grantOf(ada.id)
  const order: string[] = []
  const waits = async () => {
    const blocked = 'SELECT FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0'
    return (await house.rows(`${blocked} AND datname = current_database()`)).length > 0
  }
  await transaction(house.db, async spending => {
    assert.ok(await holdGrant(spending, id))
    let after: Promise<unknown> | undefined
    await transaction(house.db, async writing => {
      assert.ok(await lockGrant(writing, id), 'the one who spends keeps nobody waiting')
      after = transaction(house.db, async heeding => {
        assert.deepEqual(await lockGrantsAt(heeding, ada.id, ['todoist']), [id])
        order.push('heeded')
      })
      await until('the one who heeds waits, or is through', async () => order.length > 0 || (await waits()))
      order.push('written')
    })
    await after
  })
  assert.deepEqual(order, ['written', 'heeded'])
})
