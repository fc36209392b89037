// Applies every module's SQL files in the order they are handed over: each file once, in its own transaction,
// under one advisory lock. A file that changed after it was applied, or a database newer than the code, stops it.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { restoringFrom } from './backup/index.ts'

export interface Migrations {
  schema: string
  folder: string
}

export interface MigrationState {
  /** Empty for a database that no oO has used yet. */
  applied: ReadonlyMap<string, string>
  pending: readonly string[]
}

export interface MigrateOptions {
  /** Runs under the lock before the first file: what must be safe, or done, before the schema changes. */
  before?: (state: MigrationState) => Promise<void>
  /** Only these files: the schema that a backup was made with. */
  only?: ReadonlySet<string>
  /** A restore's own migrations are the only ones that may touch a database it has not finished. */
  restoring?: boolean
}

const lockKey = 710_771

export async function migrate(
  ownerUrl: string,
  modules: Migrations[],
  { before, only, restoring = false }: MigrateOptions = {},
): Promise<string[]> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 5_000,
  })
  await client.connect()
  try {
    await takeLock(client)
    if (!restoring) await refuseHalfRestored(client)
    await client.query(
      'CREATE TABLE IF NOT EXISTS public.migrations (name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    )
    const { rows } = await client.query<{ name: string; hash: string }>(
      'SELECT name, hash FROM public.migrations',
    )
    const applied = new Map(rows.map(row => [row.name, row.hash]))
    const known = modules.flatMap(filesOf)
    refuseNewer(applied, known)
    const wanted = only ? known.filter(file => only.has(file.name)) : known
    const fresh = wanted.filter(file => !isApplied(file, applied))
    await before?.({ applied, pending: fresh.map(file => file.name) })
    for (const file of fresh) await apply(client, file)
    return fresh.map(file => file.name)
  } finally {
    await client.end()
  }
}

async function refuseHalfRestored(client: pg.Client): Promise<void> {
  const file = await restoringFrom(client)
  if (file)
    throw new Error(
      `A restore of ${file} into this database did not finish: run it again (npm run oo -- restore ${file}).`,
    )
}

/** Every migration of this version with its hash, to compare with what a backup was made with. */
export const knownMigrations = (modules: Migrations[]): { name: string; hash: string }[] =>
  modules.flatMap(filesOf).map(({ name, hash }) => ({ name, hash }))

/** One runner at a time; another that hangs must not make this one wait for ever. */
async function takeLock(client: pg.Client): Promise<void> {
  await client.query("SET lock_timeout = '60s'")
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
  } catch (error) {
    throw new Error(
      'Another start has been migrating this database for a minute; stop it, then start again.',
      {
        cause: error,
      },
    )
  }
}

interface File {
  name: string
  schema: string
  sql: string
  hash: string
}

function filesOf({ schema, folder }: Migrations): File[] {
  const names = readdirSync(folder).filter(name => name.endsWith('.sql'))
  return names.sort().map(name => {
    const sql = readFileSync(join(folder, name), 'utf8')
    return {
      name: `${schema}/${name}`,
      schema,
      sql,
      hash: createHash('sha256').update(sql).digest('hex'),
    }
  })
}

function isApplied(file: File, applied: Map<string, string>): boolean {
  const hash = applied.get(file.name)
  if (hash !== undefined && hash !== file.hash)
    throw new Error(`Migration ${file.name} was changed after it had been applied; add a new file instead.`)
  return hash !== undefined
}

function refuseNewer(applied: Map<string, string>, known: File[]): void {
  const names = new Set(known.map(file => file.name))
  const unknown = [...applied.keys()].find(name => !names.has(name))
  if (unknown)
    throw new Error(
      `The database is newer than this version of oO (it has ${unknown}); start the newer version.`,
    )
}

async function apply(client: pg.Client, file: File): Promise<void> {
  try {
    await client.query('BEGIN')
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(file.schema)}`)
    await client.query(file.sql)
    await client.query('INSERT INTO public.migrations (name, hash) VALUES ($1, $2)', [file.name, file.hash])
    await client.query('COMMIT')
  } catch (error) {
    throw new Error(
      `Migration ${file.name} failed and was rolled back: ${error instanceof Error ? error.message : error}`,
    )
  }
}
