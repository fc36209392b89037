import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { identify } from '../processIdentity.ts'
import { Refusal } from '../refusal.ts'
import { root } from '../root.ts'
import { withClient } from './roles.ts'
import { type Postgres, startPostgres } from './startPostgres.ts'

type Held = { pid: number; superUrl: string; adopted: boolean }

function newFolder(t: TestContext, mode = 0o755): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'oo-pgtest-'))
  chmodSync(dataDir, mode)
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

async function hold(dataDir: string): Promise<{ holder: ChildProcess; held: Held }> {
  const holder = fork(join(root, 'infra', 'local', 'fixtures', 'holdPostgres.ts'), [dataDir])
  const [held] = await once(holder, 'message')
  return { holder, held }
}

async function using(dataDir: string, use: (postgres: Postgres) => Promise<void>): Promise<void> {
  const postgres = await startPostgres({ dataDir })
  try {
    await use(postgres)
  } finally {
    await postgres.stop()
  }
  assert.equal(identify(postgres.pid), null, 'the server is gone after stop')
}

function firstValue(url: string, sql: string): Promise<unknown> {
  return withClient(url, async client => Object.values((await client.query(sql)).rows[0])[0])
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Refusal, String(error))
  return error.message
}

test('the server never runs as root, listens on no port, and keeps its promises about the disk', async t => {
  await using(newFolder(t), async postgres => {
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${postgres.pid}/status`, 'utf8'))?.[1]
    assert.notEqual(uid, '0')
    assert.equal(await firstValue(postgres.url('oo_api'), 'show listen_addresses'), '')
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']) {
      assert.equal(await firstValue(postgres.url('oo_api'), `show ${name}`), 'on')
    }
  })
})

test('each role signs in with its own password, and none of them is a superuser', async t => {
  await using(newFolder(t), async postgres => {
    for (const role of ['oo_owner', 'oo_api', 'oo_ml', 'oo_reader'] as const) {
      const facts = await withClient(postgres.url(role), client =>
        client.query(
          'select current_user as name, rolsuper, rolcreaterole from pg_roles where rolname = current_user',
        ),
      )
      assert.deepEqual(facts.rows, [{ name: role, rolsuper: false, rolcreaterole: false }])
    }
    await assert.rejects(
      firstValue(postgres.url('oo_api').replace(/:[0-9a-f]+@/, ':guess@'), 'select 1'),
      /password/,
    )
  })
})

test('a folder that other users cannot enter, with a path too long for a socket, still works', async t => {
  const dataDir = join(newFolder(t, 0o700), 'a'.repeat(60), 'b'.repeat(60))
  mkdirSync(dataDir, { recursive: true })
  await using(dataDir, async postgres => {
    assert.ok(postgres.socketDir.length < 90)
    assert.equal(await firstValue(postgres.url('oo_api'), 'select 1 as one'), 1)
  })
  await using(dataDir, async postgres => assert.equal(postgres.adopted, false))
})

test('after kill -9 of its owner the live server is adopted with its data', async t => {
  const dataDir = newFolder(t)
  const { holder, held } = await hold(dataDir)
  await withClient(held.superUrl, client => client.query('create table kept as select 42 as answer'))
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await using(dataDir, async postgres => {
    assert.deepEqual([postgres.adopted, postgres.pid], [true, held.pid])
    assert.equal(await firstValue(postgres.superUrl, 'select answer from kept'), 42)
  })
})

test('after kill -9 of owner and server together a new server recovers the data', async t => {
  const dataDir = newFolder(t)
  const { holder, held } = await hold(dataDir)
  await withClient(held.superUrl, client => client.query('create table kept as select 42 as answer'))
  holder.kill('SIGKILL')
  process.kill(held.pid, 'SIGKILL')
  await once(holder, 'exit')
  await using(dataDir, async postgres => {
    assert.equal(postgres.adopted, false)
    assert.equal(await firstValue(postgres.superUrl, 'select answer from kept'), 42)
  })
})

test('a second owner is refused while the first lives', async t => {
  const dataDir = newFolder(t)
  const { holder } = await hold(dataDir)
  assert.match(
    await refusal(startPostgres({ dataDir })),
    new RegExp(`process ${holder.pid}: stop that one, or set OO_DATA_DIR`),
  )
  holder.disconnect()
  await once(holder, 'exit')
})

test('a pid file that names a stranger is not believed', async t => {
  const dataDir = newFolder(t)
  await using(dataDir, async () => {})
  const stale = [process.pid, join(dataDir, 'postgres'), 1, 5432, join(dataDir, 'socket'), '', 'ready'].join(
    '\n',
  )
  writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), stale)
  writeFileSync(join(dataDir, 'owner.json'), JSON.stringify({ pid: process.pid, startedAt: 'another life' }))
  await using(dataDir, async postgres => assert.equal(postgres.adopted, false))
})

test('a server that could lose acknowledged writes is refused, wherever that was set', async t => {
  const dataDir = newFolder(t)
  await using(dataDir, async () => {})
  const auto = join(dataDir, 'postgres', 'postgresql.auto.conf')
  const before = readFileSync(auto)
  appendFileSync(auto, 'fsync = off\n')
  assert.match(await refusal(startPostgres({ dataDir })), /fsync = off, which can lose what people did/)
  writeFileSync(auto, before)
  await using(dataDir, async postgres => {
    await withClient(postgres.superUrl, client =>
      client.query('alter role oo_api set synchronous_commit = off'),
    )
  })
  assert.match(await refusal(startPostgres({ dataDir })), /synchronous_commit = off/)
  assert.ok(!existsSync(join(dataDir, 'owner.json')), 'a refusal gives the folder free')
})

test('an instance whose database folder or passwords are gone is refused, never begun anew', async t => {
  const dataDir = newFolder(t)
  await using(dataDir, async () => {})
  renameSync(join(dataDir, 'postgres'), join(dataDir, 'moved'))
  assert.match(await refusal(startPostgres({ dataDir })), /postgres is missing although oO was set up/)
  assert.ok(!existsSync(join(dataDir, 'postgres')))
  renameSync(join(dataDir, 'moved'), join(dataDir, 'postgres'))
  renameSync(join(dataDir, 'database-passwords.json'), join(dataDir, 'moved'))
  assert.match(await refusal(startPostgres({ dataDir })), /database-passwords.json is missing/)
})

test('a data folder that was moved works at its new place; its restore begins anew where the database is lost', async t => {
  const dataDir = newFolder(t)
  await using(dataDir, async postgres => {
    await withClient(postgres.superUrl, client => client.query('create table kept as select 42 as answer'))
  })
  const moved = `${dataDir}-moved`
  renameSync(dataDir, moved)
  t.after(() => rmSync(moved, { recursive: true, force: true }))
  await using(moved, async postgres => {
    assert.equal(await firstValue(postgres.superUrl, 'select answer from kept'), 42)
  })
  rmSync(join(moved, 'postgres'), { recursive: true })
  assert.match(await refusal(startPostgres({ dataDir: moved })), /is missing although oO was set up/)
  const anew = await startPostgres({ dataDir: moved, anew: true })
  await anew.stop()
})
