import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { knownMigrations, verifyBackup } from '@oo/kernel'
import { type Person, startInstance } from '../testInstance.ts'
import { bringToThisVersion, folders } from './schema.ts'
import { openOperator, query } from './testOperator.ts'

let operator: Awaited<ReturnType<typeof openOperator>>
let ada: { person: Person; id: string }
let grace: { person: Person; id: string }
let file: string
before(async () => {
  operator = await openOperator()
  ada = await operator.live('ada@example.test')
  grace = await operator.live('grace@example.test')
  file = operator.at('before.oo-backup')
  const made = await operator.oo(['backup', file])
  assert.equal(made.code, 0, made.sentence)
  assert.match(made.lines, /before\.oo-backup: \d+ rows of \d+ tables/)
  assert.match(made.lines, /OO_KEK_1 of \.env\.local: without this key/)
})
after(() => operator.close())

async function restored(from = file, words: string[] = [], more: Record<string, string | undefined> = {}) {
  const database = await operator.emptyDatabase()
  const said = await operator.oo(['restore', from, ...words], operator.environment(database, more))
  return { database, said }
}

test('a restore gives the same instance: every row, sessions, sealed words, and events in their order', async () => {
  const { database, said } = await restored()
  assert.deepEqual([said.code, said.sentence], [0, ''], said.lines)
  const again = operator.at('again.oo-backup')
  await operator.oo(['backup', again], operator.environment(database))
  const [first, second] = [await verifyBackup(file), await verifyBackup(again)]
  assert.deepEqual(second.foot.tables, first.foot.tables)
  assert.deepEqual(second.head.migrations, first.head.migrations)

  const { secret, keyring } = operator
  const next = await startInstance({ database, settings: { secret, keyring, backupDir: operator.backupDir } })
  try {
    const headers = { cookie: `sid=${ada.person.sid()}`, host: '127.0.0.1:3000' }
    const profile = await next.api.app.inject({ method: 'GET', url: '/api/profile', headers })
    assert.equal(profile.statusCode, 200, profile.body)
    assert.equal(profile.json().email, 'ada@example.test', 'sealed with a key that the restore brought back')
    const { rows: waiting } = await next.api.db.$client.query(
      'SELECT count(*)::int AS n FROM events.log WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())',
    )
    assert.equal(waiting[0].n, 0, 'the relay reads below the oldest transaction: all of the log lies there')
  } finally {
    await next.stop()
  }
})

test('who was erased after a backup is erased again by its restore, in every table; the others stay', async () => {
  const gone = await operator.oo(['person', 'erase', grace.id])
  assert.equal(gone.code, 0, gone.sentence)
  const ledger = readFileSync(join(operator.backupDir, 'erased-people.jsonl'), 'utf8')
  const names = ledger
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line).person)
  assert.equal(new Set(names).size, 1, 'only she, even where two wrote it at one moment')
  assert.match(gone.lines, /person key: \d+ rows\n✓ .* is erased; the receipt's number is \S{43}\n$/)
  const { database, said } = await restored()
  assert.equal(said.code, 0, said.sentence)
  assert.match(said.lines, /erased again: 1 person/)
  const scan = operator.at('scan.oo-backup')
  await operator.oo(['backup', scan], operator.environment(database))
  const text = gunzipSync(readFileSync(scan)).toString('latin1')
  const traces = [grace.id, grace.id.replaceAll('-', ''), Buffer.from(grace.id).toString('hex')]
  assert.deepEqual(
    traces.filter(trace => text.includes(trace)),
    [],
  )
  assert.ok(
    text.includes(ada.id) && text.includes(Buffer.from(ada.id).toString('hex')),
    'the scan sees who is there',
  )
  assert.deepEqual(await query(database, 'SELECT id FROM auth.people'), [{ id: ada.id }])
})

test('without a ledger, or with an older one, a restore is refused, unless it is said that nobody was erased', async () => {
  const elsewhere = { OO_BACKUP_DIR: operator.at('elsewhere') }
  const moved = operator.at('moved.oo-backup')
  copyFileSync(file, moved)
  const none = await restored(moved, [], elsewhere)
  assert.equal(none.said.code, 1)
  assert.match(
    none.said.sentence,
    /^There is no ledger of deletions beside .*: people erased since the backup would come back\. .*--without-ledger/,
  )
  assert.deepEqual(await query(none.database, 'SELECT 1 FROM pg_tables WHERE schemaname = $$auth$$'), [])

  const later = operator.at('later.oo-backup')
  await operator.oo(['backup', later])
  copyFileSync(join(operator.backupDir, 'erased-people.jsonl'), operator.at('erased-people.jsonl'))
  assert.equal((await restored(later, [], elsewhere)).said.code, 0, 'a ledger beside the file is as good')
  rmSync(join(operator.at('elsewhere'), 'erased-people.jsonl'))
  rmSync(operator.at('erased-people.jsonl'))
  const said = (await restored(later, ['--without-ledger'], elsewhere)).said
  assert.equal(said.code, 0, said.sentence)
  mkdirSync(operator.at('elsewhere'), { recursive: true })
  writeFileSync(join(operator.at('elsewhere'), 'erased-people.jsonl'), '')
  assert.match(
    (await restored(later, [], elsewhere)).said.sentence,
    /knows 0 people, the one beside the backup knew 1/,
  )
})

test('a missing or another master key, a newer backup and a database in use are refused before anything is touched', async () => {
  const other = { OO_KEK_1: Buffer.alloc(32, 1).toString('base64') }
  for (const [more, sentence] of [
    [
      { OO_KEK_1: undefined, OO_KEK_ACTIVE: undefined },
      /^OO_KEK_1 is missing: .* put it back into \.env\.local/,
    ],
    [other, /^OO_KEK_1 is another key than the one .* was sealed with/],
    [{ OO_SECRET: undefined }, /^OO_SECRET is missing/],
    [{ OO_SECRET: randomBytes(32).toString('hex') }, /^OO_SECRET is another one than people in/],
  ] as const) {
    const { database, said } = await restored(file, [], more)
    assert.match(said.sentence, sentence)
    assert.equal(said.code, 1)
    assert.deepEqual(await query(database, 'SELECT 1 FROM pg_tables WHERE schemaname = $$public$$'), [])
  }
  const used = await operator.oo(['restore', file])
  assert.match(used.sentence, /^This database is not empty \(it has auth\.\w+\): restore into an empty one/)

  const { database } = await restored()
  await query(database, `INSERT INTO public.migrations VALUES ('events/9999_tomorrow.sql', 'x')`)
  const newer = operator.at('newer.oo-backup')
  await operator.oo(['backup', newer], operator.environment(database))
  assert.match(
    (await restored(newer)).said.sentence,
    /was made by a newer oO \(it has events\/9999_tomorrow\.sql\)/,
  )
})

test('a backup of an older version is brought to this one', async () => {
  const names = knownMigrations(folders).map(({ name }) => name)
  const only = new Set(names.filter(name => name !== 'gateway/0001_answers.sql'))
  const older = await operator.emptyDatabase()
  await bringToThisVersion(older.url('oo_owner'), { only })
  await query(older, `INSERT INTO auth.people (id, created_at) VALUES ('${ada.id}', now())`)
  const old = operator.at('old.oo-backup')
  await operator.oo(['backup', old], operator.environment(older))
  const { database, said } = await restored(old)
  assert.equal(said.code, 0, said.sentence)
  assert.match(said.lines, /✓ migrations since then: 1/)
  const facts = `SELECT id, to_regclass('gateway.answers') IS NOT NULL AS newer FROM auth.people`
  assert.deepEqual(await query(database, facts), [{ id: ada.id, newer: true }])
})

test('a restore that was killed is never used, and the next one begins again', async () => {
  const { database } = await restored()
  await query(
    database,
    `SET ROLE oo_owner; CREATE TABLE public.restoring AS SELECT 'half.oo-backup' AS file; DELETE FROM auth.people`,
  )
  const doctor = await operator.oo(['doctor'], operator.environment(database))
  assert.match(doctor.lines, /✗ A restore of half\.oo-backup did not finish: run it again\./)
  assert.equal(doctor.code, 1)
  const said = await operator.oo(['restore', file], operator.environment(database))
  assert.equal(said.code, 0, said.sentence)
  assert.equal((await query(database, 'SELECT 1 FROM auth.people')).length, 1)
})

test('a person who is not here is told as that, with where ids are found, however the id is written', async () => {
  for (const id of ['zzz', '-'.repeat(36), '0199b2a0-0000-7000-8000-000000000000'])
    for (const words of [
      ['person', 'export', id, operator.at('nobody.zip')],
      ['person', 'erase', id],
    ])
      assert.match(
        (await operator.oo(words)).sentence,
        new RegExp(`^There is no person ${id} here\\. An id is`),
      )
})

test('what must be kept apart is looked for in the file that is used', async () => {
  const env = { OO_SECRETS_FILE: '/etc/oo/my.env' }
  const named = operator.at('named.oo-backup')
  const made = await operator.oo(['backup', named], operator.environment(operator.instance.database, env))
  assert.match(made.lines, /OO_KEK_1 of \/etc\/oo\/my\.env.*OO_SECRET of \/etc\/oo\/my\.env/s)
  const { said } = await restored(named, [], { ...env, OO_KEK_1: undefined, OO_KEK_ACTIVE: undefined })
  assert.match(said.sentence, /put it back into \/etc\/oo\/my\.env and try again\.$/)
})

test('wrong words are wrong use: 2, with the words there are', async () => {
  const wrong = [[], ['backup'], ['restore', 'a', 'b'], ['person', 'export', 'x'], ['doctor', '--all']]
  for (const words of wrong) assert.equal((await operator.oo(words)).code, 2, words.join(' '))
  assert.equal((await operator.oo(['person', 'export', 'x'])).sentence, 'Use: oo person export ID FILE')
  const child = spawnSync(process.execPath, [join(import.meta.dirname, '../oo.ts'), 'prune'], {
    encoding: 'utf8',
  })
  assert.equal(child.status, 2)
  assert.match(child.stderr, /^oo knows: backup FILE · restore FILE/)
})
