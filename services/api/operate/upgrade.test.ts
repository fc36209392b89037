import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { knownMigrations, verifyBackup } from '@oo/kernel'
import { createTestDatabase, type TestDatabase } from '@oo/local'
import { bringToThisVersion, folders } from './schema.ts'
import { query } from './testOperator.ts'

const folder = mkdtempSync(join(tmpdir(), 'oo-upgrade-'))
const databases: TestDatabase[] = []
const newest = 'gateway/0001_answers.sql'
after(async () => {
  for (const { drop } of databases) await drop()
  rmSync(folder, { recursive: true, force: true })
})

/** A database as an older version left it: everything but one module's tables. */
async function older(): Promise<TestDatabase> {
  const database = await createTestDatabase({ empty: true })
  databases.push(database)
  const names = knownMigrations(folders).map(({ name }) => name)
  await bringToThisVersion(database.url('oo_owner'), { only: new Set(names.filter(name => name !== newest)) })
  return database
}

function migrate(database: TestDatabase, more: Record<string, string> = {}) {
  const env = {
    PATH: process.env.PATH,
    OO_OWNER_DATABASE_URL: database.url('oo_owner'),
    OO_BACKUP_DIR: folder,
    ...more,
  }
  const entry = join(import.meta.dirname, '../migrate.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, stdout, stderr }
}

const has = async (database: TestDatabase, table: string) =>
  (await query(database, `SELECT to_regclass('${table}') IS NOT NULL AS there`))[0]?.there

test('a used database is backed up before an upgrade, a new one and an up-to-date one are not; the last five stay', async () => {
  for (let day = 1; day <= 7; day++)
    writeFileSync(join(folder, `before-upgrade-2026-01-0${day}.oo-backup`), '')
  const database = await older()
  const first = migrate(database)
  assert.equal(first.status, 0, first.stderr)
  const file = /✓ backup (\S+)\n/.exec(first.stdout)?.[1] ?? ''
  const { head } = await verifyBackup(file)
  assert.ok(!head.migrations.some(({ name }) => name === newest), 'it holds the state before the upgrade')
  assert.ok(await has(database, 'gateway.answers'))
  assert.equal(readdirSync(folder).length, 5)
  assert.ok(existsSync(file) && existsSync(join(folder, 'before-upgrade-2026-01-07.oo-backup')))

  assert.doesNotMatch(migrate(database).stdout, /backup/)
  const fresh = await createTestDatabase({ empty: true })
  databases.push(fresh)
  assert.doesNotMatch(migrate(fresh).stdout, /backup/)
})

test('a backup that fails stops the upgrade with nothing changed, unless it is said that none is wanted', async () => {
  const database = await older()
  const { status, stderr } = migrate(database, { OO_BACKUP_DIR: '/dev/null/backups' })
  assert.equal(status, 1)
  assert.match(
    stderr,
    /^The backup before the upgrade failed, so nothing was changed: .* set OO_BACKUP_DIR; OO_SKIP_BACKUP=1 upgrades without one\.\n$/,
  )
  assert.ok(!(await has(database, 'gateway.answers')))
  const skipped = migrate(database, { OO_BACKUP_DIR: '/dev/null/backups', OO_SKIP_BACKUP: '1' })
  assert.equal(skipped.status, 0, skipped.stderr)
  assert.match(skipped.stdout, /! upgrading without a backup \(OO_SKIP_BACKUP=1\)/)
})

test('a database of a newer oO is refused, whether its tables or its job tables are newer', async () => {
  const database = await older()
  await query(database, 'UPDATE jobs.version SET version = version + 1')
  const jobs = migrate(database)
  assert.equal(jobs.status, 1)
  assert.match(
    jobs.stderr,
    /^The database is newer than this version of oO \(its job tables are of version \d+, this oO knows \d+\)/,
  )
  assert.ok(!(await has(database, 'gateway.answers')))
  await query(database, `INSERT INTO public.migrations VALUES ('auth/9999_tomorrow.sql', 'x')`)
  assert.match(
    migrate(database).stderr,
    /newer than this version of oO \(it has auth\/9999_tomorrow\.sql\); start the newer version/,
  )
})
