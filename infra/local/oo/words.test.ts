import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readStored, readText, replaceText, withSettings } from '../envFile.ts'
import { root } from '../root.ts'

function oo(t: TestContext, words: string[], more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'oo-words-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const env = {
    PATH: process.env.PATH,
    OO_DATA_DIR: join(folder, 'data'),
    OO_SECRETS_FILE: join(folder, 'env'),
    ...more,
  }
  if (!more.OO_DATA_DIR) mkdirSync(env.OO_DATA_DIR, { recursive: true })
  const entry = join(root, 'infra/local/oo.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...words], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, stdout, stderr, folder }
}

test('wrong words are wrong use: 2, with the verbs there are, and those that come later are named', t => {
  for (const words of [[], ['tidy'], ['keys'], ['person', 'list']]) {
    const { status, stderr } = oo(t, words)
    assert.equal(status, 2, words.join(' '))
    assert.match(
      stderr,
      /Use: npm run oo -- <verb>\n {2}backup FILE .*policy list .*audit verify comes with a later version/s,
    )
  }
  assert.match(oo(t, ['audit', 'verify']).stderr, /^audit comes with a later version of oO\./)
  for (const words of [
    ['lints', '--override', ' '],
    ['lints', '--reason', 'x'],
  ])
    assert.match(
      oo(t, ['policy', 'promote', ...words]).stderr,
      /-- policy promote NAME \[--override "REASON"\]\n$/,
    )
  assert.match(oo(t, ['backup', '']).stderr, /^Use: npm run oo -- backup FILE\n$/)
  assert.match(oo(t, ['restore', '--all', 'x']).stderr, /-- restore FILE \[--without-ledger\]\n$/)
  const asked = oo(t, ['--help'])
  assert.deepEqual([asked.status, asked.stderr], [0, ''])
  assert.match(asked.stdout, /^Use: npm run oo -- <verb>\n/)
})

test('where there is no database, nothing is made for a backup, and doctor says so', t => {
  const backup = oo(t, ['backup', 'x.oo-backup'])
  assert.equal(backup.status, 1)
  assert.match(
    backup.stderr,
    /^There is no database in .*: start oO once, or set OO_DATA_DIR to the folder that has one\.\n$/,
  )
  const doctor = oo(t, ['doctor'])
  assert.match(doctor.stdout, /✓ Node \d+.*! no database in .* yet: npm start makes it/s)
})

test('a restore that is refused where no database was leaves nothing, and what it put aside comes back', t => {
  const folder = mkdtempSync(join(tmpdir(), 'oo-anew-'))
  chmodSync(folder, 0o755)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  assert.match(oo(t, ['restore', join(folder, 'typo')]).stderr, /typo is no file: name a backup\.\n$/)
  assert.match(oo(t, ['restore', folder]).stderr, /oo-anew-\S+ is no file: name a backup\.\n$/)
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  for (const name of ['instance.json', 'database-passwords.json']) writeFileSync(join(dataDir, name), '{}')
  writeFileSync(join(folder, 'broken'), 'not a backup')
  const more = { OO_DATA_DIR: dataDir }
  assert.match(
    oo(t, ['restore', join(folder, 'broken')], more).stderr,
    /broken is damaged or was cut short: use another backup/,
  )
  assert.deepEqual(readdirSync(dataDir), ['database-passwords.json', 'instance.json'])
  assert.equal(readFileSync(join(dataDir, 'database-passwords.json'), 'utf8'), '{}')
  oo(t, ['restore', join(folder, 'broken')], { OO_DATA_DIR: join(folder, 'new/data') })
  assert.ok(!existsSync(join(folder, 'new')))
  const started = spawnSync(process.execPath, [join(root, 'infra/local/start.mjs'), '--only', 'database'], {
    env: { PATH: process.env.PATH, OO_SECRETS_FILE: join(folder, 'env'), ...more },
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.equal(started.status, 1)
  assert.match(
    started.stderr,
    /postgres is missing although oO was set up in .*: put the folder back from a backup/,
  )
})

test('a database of one’s own that is away is a sentence for every verb, never its password; no folder is needed', t => {
  const DATABASE_URL = 'postgres://oo_api:pass-word@127.0.0.1:1/oo'
  for (const words of [['backup', 'x.oo-backup'], ['keys', 'rotate'], ['doctor']]) {
    const { stdout, stderr, status } = oo(t, words, { DATABASE_URL, OO_DATA_DIR: '/dev/null/none' })
    assert.match(
      `${stdout}${stderr}`,
      /The database of DATABASE_URL \(127\.0\.0\.1:1\/oo\) cannot be used: nothing listens there/,
    )
    assert.doesNotMatch(`${stdout}${stderr}`, /pass-word|It did not work|Unexpected/)
    assert.equal(status, 1)
  }
})

test('keys that the environment holds are rotated there', t => {
  const { status, stderr, folder } = oo(t, ['keys', 'rotate'], {
    OO_KEK_ACTIVE: '1',
    OO_KEK_1: Buffer.alloc(32, 7).toString('base64'),
  })
  assert.equal(status, 1)
  const start = `OO_KEK_ACTIVE is set in the environment, which wins over ${folder}/env: change the keys there`
  assert.ok(stderr.startsWith(start), stderr)
})

test('settings are put in place of their old lines, everything else stays, and the file is replaced whole', t => {
  const folder = mkdtempSync(join(tmpdir(), 'oo-env-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, '.env.local')
  writeFileSync(file, '# mine\nOO_KEK_1=abc\nexport OO_KEK_ACTIVE = 1\nOO_KEK_ACTIVE_NOTE=kept\n\n')
  replaceText(file, withSettings(readText(file), { OO_KEK_2: 'def', OO_KEK_ACTIVE: '2' }))
  assert.equal(
    readFileSync(file, 'utf8'),
    '# mine\nOO_KEK_1=abc\nOO_KEK_ACTIVE_NOTE=kept\nOO_KEK_2=def\nOO_KEK_ACTIVE=2\n',
  )
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(readStored(join(folder, 'none')), {})
})
