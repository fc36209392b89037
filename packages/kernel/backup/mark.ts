// A mark in the database itself says that a restore is under way. Who finds it must not use the database: half of a
// backup is not an instance.
import type { Client } from 'pg'
import { BackupRefused } from './format.ts'

export const restoringMark = 'public.restoring'

export async function restoringFrom(client: Client): Promise<string | null> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    restoringMark,
  ])
  if (!rows[0]?.there) return null
  const { rows: found } = await client.query<{ file: string }>(`SELECT file FROM ${restoringMark}`)
  return found[0]?.file ?? 'a backup'
}

/** Takes an empty database, or the remains of a restore that did not finish, which are cleared away. */
export async function beginRestoring(client: Client, file: string): Promise<void> {
  const begun = await restoringFrom(client)
  if (begun === null) {
    const table = await anyTable(client)
    if (table)
      throw new BackupRefused(
        `This database is not empty (it has ${table}): restore into an empty one, or set OO_DATA_DIR to a new folder.`,
      )
  }
  await client.query('BEGIN')
  for (const name of await schemasOf(client)) await client.query(`DROP SCHEMA ${name} CASCADE`)
  await client.query('DROP TABLE IF EXISTS public.migrations')
  await client.query(`DROP TABLE IF EXISTS ${restoringMark}`)
  await client.query(
    `CREATE TABLE ${restoringMark} (file text NOT NULL, at timestamptz NOT NULL DEFAULT now())`,
  )
  await client.query(`INSERT INTO ${restoringMark} (file) VALUES ($1)`, [file])
  await client.query('COMMIT')
}

export async function endRestoring(client: Client): Promise<void> {
  await client.query(`DROP TABLE ${restoringMark}`)
}

async function anyTable(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 LIMIT 1`)
  return rows[0]?.name
}

async function schemasOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT quote_ident(nspname) AS name FROM pg_namespace
     WHERE nspname NOT IN ('public', 'pg_catalog', 'information_schema') AND nspname !~ '^pg_'`)
  return rows.map(row => row.name)
}
