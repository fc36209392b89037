import type { Client } from 'pg'
import { columnsOf, quoted } from './catalog.ts'
import { copyIn } from './copy.ts'
import { BackupRefused } from './format.ts'
import type { BackupReader } from './read.ts'

/** Puts a backup's rows into the tables of a database that has its schema, in one transaction: all or nothing. */
export async function fillDatabase(
  client: Client,
  reader: BackupReader,
  options: { say?: (line: string) => void; prepare?: (client: Client) => Promise<void> } = {},
): Promise<void> {
  const { say = () => {}, prepare } = options
  await client.query('BEGIN')
  const names = reader.head.tables.map(({ name }) => name)
  await refuseOthers(client, reader)
  await client.query(`TRUNCATE ${names.join(', ')}`)
  await prepare?.(client)
  const triggered = await withTriggers(client)
  for (const name of triggered) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`)
  const columns = new Map(reader.head.tables.map(table => [table.name, table.columns.map(quoted).join(', ')]))
  for (let table = await reader.nextTable(); table; table = await reader.nextTable()) {
    const rows = await copyIn(
      client,
      `COPY ${table.name} (${columns.get(table.name)}) FROM STDIN`,
      table.rows,
    )
    if (rows !== table.sum().rows)
      throw new BackupRefused(`${table.name} took ${rows} rows of ${table.sum().rows}: nothing was restored.`)
    if (rows > 0) say(`  ${table.name}: ${rows} rows`)
  }
  const { sequences } = await reader.foot()
  for (const [name, { last, called }] of Object.entries(sequences))
    await client.query('SELECT setval($1::regclass, $2, $3)', [name, last, called])
  for (const name of triggered) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`)
  await client.query('COMMIT')
}

/** A table on one side only would lose its rows, or keep rows that the backup knows nothing of. */
async function refuseOthers(client: Client, { head }: BackupReader): Promise<void> {
  const here = new Map(
    [...(await columnsOf(client))].map(([name, columns]) => [name, columns.map(({ column }) => column)]),
  )
  const there = new Map(head.tables.map(table => [table.name, table.columns]))
  const odd = [...new Set([...here.keys(), ...there.keys()])].find(
    name => here.get(name)?.toSorted().join() !== there.get(name)?.toSorted().join(),
  )
  if (odd)
    throw new BackupRefused(
      `The table ${odd} is not the same here and in the backup, so nothing was restored: use the version of oO that made it (${head.version}).`,
    )
}

async function withTriggers(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT DISTINCT g.tgrelid::regclass::text AS name FROM pg_trigger g
      JOIN pg_class c ON c.oid = g.tgrelid
     WHERE NOT g.tgisinternal AND g.tgparentid = 0`)
  return rows.map(row => row.name)
}
