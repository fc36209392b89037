import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { documentedNames, unknownNameWarnings } from './documentedNames.ts'
import { freePort } from './ports.ts'
import { checkExternal } from './postgres/external.ts'
import { root } from './root.ts'
import { createTestDatabase } from './testDatabase.ts'

async function start(t: TestContext, flags: string[], env: Record<string, string>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'oo-start-'))
  chmodSync(dataDir, 0o755)
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const child = spawn(process.execPath, [join(root, 'infra', 'local', 'start.mjs'), '--no-open', ...flags], {
    env: { PATH: process.env.PATH, OO_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let sentence = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    sentence += text
  })
  const [code] = await once(child, 'close')
  return { code, sentence, dataDir }
}

test('a wrong flag or part is wrong use: exit 2 with the flags there are', async t => {
  const flag = await start(t, ['--olny', 'web'], {})
  assert.deepEqual(
    [flag.code, /--olny is not a flag of npm start; it knows --only/.test(flag.sentence)],
    [2, true],
  )
  const part = await start(t, ['--only', 'wbe'], {})
  assert.deepEqual([part.code, /does not know "wbe"; its parts are database/.test(part.sentence)], [2, true])
})

test('a database of one’s own that does not answer is a sentence with its place, never its password', async t => {
  const OO_API_PORT = String(await freePort())
  const DATABASE_URL = `postgres://oo_api:pass-word@127.0.0.1:${await freePort()}/oo`
  const { code, sentence } = await start(t, ['--only', 'api'], { OO_API_PORT, DATABASE_URL })
  assert.equal(code, 1)
  assert.match(
    sentence,
    /^The database of DATABASE_URL \(127\.0\.0\.1:\d+\/oo\) cannot be used: nothing listens there \(ECONNREFUSED\)\. Start it, or correct DATABASE_URL; .*\n$/,
  )
  assert.ok(!sentence.includes('pass-word'))
})

test('a database of one’s own that could lose what was acknowledged is refused, unless it is said to be kept', async t => {
  const database = await createTestDatabase({ empty: true })
  t.after(() => database.drop())
  const DATABASE_URL = database.url('oo_api')
  const OO_API_PORT = String(await freePort())
  const { code, sentence } = await start(t, ['--only', 'api'], { OO_API_PORT, DATABASE_URL })
  assert.equal(code, 1)
  assert.match(sentence, /^The database runs with fsync = off, .*: OO_ACCEPT_UNSYNCED_DATABASE=1\.\n$/)
  const said: string[] = []
  await checkExternal(
    { api: DATABASE_URL, ml: DATABASE_URL, owner: DATABASE_URL },
    { env: { OO_ACCEPT_UNSYNCED_DATABASE: '1' }, say: line => said.push(line) },
  )
  assert.match(said.join(), /^! The database runs with fsync = off, .* It is used as it is/)
})

test('a taken port is found before anything starts, with its holder and the setting to change', async t => {
  const taken = createServer()
  t.after(() => taken.close())
  const port = await freePort()
  await once(taken.listen(port, '127.0.0.1'), 'listening')
  const { code, sentence, dataDir } = await start(t, ['--only', 'ml'], { OO_ML_PORT: String(port) })
  assert.equal(code, 1)
  const holder = process.platform === 'linux' ? ` by process ${process.pid} \\(.*\\)` : '.*'
  assert.match(
    sentence,
    new RegExp(`^Port ${port} is taken${holder}: stop that program, or set OO_ML_PORT to a free port\\.\n$`),
  )
  assert.ok(!existsSync(join(dataDir, 'postgres')))
})

test('settings that cannot be are one sentence each', async t => {
  const freeMl = { OO_ML_PORT: String(await freePort()) }
  const cases: [Record<string, string>, RegExp][] = [
    [{ OO_WEB_PORT: '0' }, /^OO_WEB_PORT is "0": give it a port number from 1 to 65535\.\n$/],
    [{ OO_DEMO: 'yes' }, /^OO_DEMO is "yes": set it to 1 or 0\.\n$/],
    [
      { OO_BIND: '0.0.0.0' },
      /^The demo's sign-in needs no password, so it listens on this machine only.*\n$/,
    ],
    [{ OO_SECRETS_FILE: '/proc' }, /^\/proc cannot be read \(EISDIR\): make it a file that .* may read\.\n$/],
    [{ OO_SECRETS_FILE: '/proc/nothing', ...freeMl }, /^\/proc\/nothing cannot be written .*: make room/],
    [{ OO_SECRET: 'short', OO_ML_PORT: String(await freePort()) }, /^OO_SECRET is too weak: .*\n$/],
    [
      { OO_DATA_DIR: '/dev/null/data' },
      /^\/dev\/null\/data\/logs cannot be made .*: set OO_DATA_DIR to a folder of yours\.\n$/,
    ],
  ]
  for (const [env, expected] of cases) {
    const { code, sentence } = await start(t, ['--only', 'ml'], env)
    assert.match(sentence, expected)
    assert.equal(code, 1)
  }
})

test('--only database beside a database of one’s own is a sentence, not an endless wait', async t => {
  const { code, sentence } = await start(t, ['--only', 'database'], {
    DATABASE_URL: 'postgres://127.0.0.1/oo',
  })
  assert.equal(code, 1)
  assert.match(sentence, /^There is nothing to start: DATABASE_URL names a database of your own/)
})

test('an unknown OO_ name is a warning that names the nearest one', () => {
  const documented = documentedNames(join(root, '.env.example'))
  assert.deepEqual(
    unknownNameWarnings({ OO_DATADIR: 'x', OO_KEK_2: 'k', OO_REMOTE_AUTH: 'u', HOME: '/' }, documented),
    ['OO_DATADIR is not a setting of oO; the nearest one is OO_DATA_DIR.'],
  )
})
