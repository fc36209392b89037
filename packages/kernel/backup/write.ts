import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { keyIdsOf, type Portable, sequencesOf, type Table, tablesOf } from './catalog.ts'
import { copyOut } from './copy.ts'
import {
  type BackupFoot,
  type BackupHead,
  BackupRefused,
  endOfRows,
  formatName,
  jsonLine,
  RowSum,
} from './format.ts'

export interface BackupWish {
  /** Must not exist yet; it appears whole or not at all. */
  file: string
  version: string
  portable: Portable
  /** Short fingerprints of the master keys at hand, by id. */
  fingerprints?: Readonly<Record<string, string>>
  /** A short fingerprint of OO_SECRET. */
  secret?: string | null
  notes?: Readonly<Record<string, number>>
  say?: (line: string) => void
  signal?: AbortSignal
}

export interface Backup {
  head: BackupHead
  foot: BackupFoot
  bytes: number
}

const sayEveryMs = 2_000
/** Texts that any server reads as the same values. */
const session = `SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET timezone = 'UTC';
  SET extra_float_digits = 3; SET bytea_output = 'hex'; SET statement_timeout = 0; SET lock_timeout = '30s';
  SET idle_in_transaction_session_timeout = 0`

/** Everything one snapshot of a database holds, in one file, while others go on writing. */
export async function writeBackup(ownerUrl: string, wish: BackupWish): Promise<Backup> {
  const { file } = wish
  if (existsSync(file)) throw new BackupRefused(`${file} exists already: name a file that does not.`)
  // Not made here: where a disk is not mounted, its folder is what is missing.
  if (!existsSync(dirname(file)))
    throw new BackupRefused(`There is no folder ${dirname(file)}: make it, or mount the disk it is on.`)
  const draft = `${file}.${process.pid}.part`
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(session)
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const tables = await tablesOf(client, wish.portable)
    const head = await headOf(client, tables, wish)
    const foot: BackupFoot = { tables: {}, sequences: {} }
    await pipeline(
      sealed(contents(client, { head, foot, tables, say: wish.say ?? (() => {}) })),
      createGzip({ level: 4 }),
      createWriteStream(draft, { mode: 0o600, flags: 'wx' }),
      ...(wish.signal ? [{ signal: wish.signal }] : []),
    )
    await settle(draft, file)
    return { head, foot, bytes: (await stat(file)).size }
  } finally {
    await rm(draft, { force: true })
    await client.end().catch(() => {})
  }
}

async function headOf(client: pg.Client, tables: Table[], wish: BackupWish): Promise<BackupHead> {
  const migrations = await client.query<{ name: string; hash: string }>(
    'SELECT name, hash FROM public.migrations ORDER BY name',
  )
  const jobs = tables.some(({ name }) => name === 'jobs.version')
    ? await client.query<{ version: number }>('SELECT version FROM jobs.version')
    : { rows: [] }
  const facts = await client.query<{ server: string; at: Date }>(
    `SELECT current_setting('server_version') AS server, now() AS at`,
  )
  const keys = await keyIdsOf(client)
  return {
    format: formatName,
    version: wish.version,
    postgres: facts.rows[0]?.server ?? '',
    at: facts.rows[0]?.at.toISOString() ?? '',
    migrations: migrations.rows,
    jobs: jobs.rows[0]?.version ?? null,
    keys: keys.map(id => ({ id, fingerprint: wish.fingerprints?.[id] ?? null })),
    secret: wish.secret ?? null,
    notes: { ...wish.notes },
    tables: tables.map(({ name, columns }) => ({ name, columns })),
  }
}

interface Given {
  head: BackupHead
  foot: BackupFoot
  tables: Table[]
  say: (line: string) => void
}

async function* contents(client: pg.Client, { head, foot, tables, say }: Given): AsyncGenerator<Buffer> {
  let saidAt = Date.now()
  yield jsonLine(head)
  for (const { name, select } of tables) {
    yield jsonLine({ table: name })
    const sum = new RowSum()
    for await (const rows of copyOut(client, `COPY (${select}) TO STDOUT`)) {
      for (const row of rows) sum.add(row)
      yield Buffer.concat(rows)
      if (Date.now() - saidAt < sayEveryMs) continue
      saidAt = Date.now()
      say(`… ${name}, ${sum.value().rows} rows`)
    }
    yield endOfRows
    foot.tables[name] = sum.value()
  }
  foot.sequences = await sequencesOf(client)
  yield jsonLine(foot)
}

async function* sealed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const all = createHash('sha256')
  for await (const bytes of source) {
    all.update(bytes)
    yield bytes
  }
  yield jsonLine({ sha256: all.digest('hex') })
}

/** On the disk before it has its name, and the name on the disk before anyone is told. */
async function settle(draft: string, file: string): Promise<void> {
  await synced(draft)
  await rename(draft, file)
  await synced(dirname(file))
}

async function synced(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
