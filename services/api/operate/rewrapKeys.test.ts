import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { unwrapKey, wrapKey } from '@oo/kernel'
import { createTestDatabase, type TestDatabase } from '@oo/local'
import pg from 'pg'
import { startInstance } from '../testInstance.ts'
import { openOperator, query } from './testOperator.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]
const older = { active: '1', keys: new Map([['1', first]]) }
const both = { active: '2', keys: new Map([...older.keys, ['2', second]]) }
const rotated = {
  OO_KEK_1: first.toString('base64'),
  OO_KEK_2: second.toString('base64'),
  OO_KEK_ACTIVE: '2',
}
const people = 1_200
const place = (id: string) => `auth.person_keys.wrapped:${id}`

let operator: Awaited<ReturnType<typeof openOperator>>
let database: TestDatabase
const words = new Map<string, Buffer>()
before(async () => {
  operator = await openOperator()
  database = await createTestDatabase()
  const client = new pg.Client(database.url('oo_api'))
  await client.connect()
  await client.query('BEGIN')
  for (let count = 0; count < people; count++) {
    const [id, key] = [randomUUID(), randomBytes(32)]
    words.set(id, key)
    await client.query('INSERT INTO auth.people (id, created_at) VALUES ($1, now())', [id])
    const { kekId, wrapped } = wrapKey(older, key, place(id))
    await client.query('INSERT INTO auth.person_keys VALUES ($1, $2, $3, now())', [id, kekId, wrapped])
  }
  await client.query('COMMIT')
  await client.end()
})
after(async () => {
  await operator.close()
  await database.drop()
})

async function keysUnder(): Promise<Record<string, number>> {
  const count: Record<string, number> = {}
  for (const { person_id, kek_id, wrapped } of await query(database, 'SELECT * FROM auth.person_keys')) {
    assert.ok(wrapped instanceof Buffer)
    const key = unwrapKey(both, { kekId: String(kek_id), wrapped }, place(String(person_id)))
    assert.ok(key.equals(words.get(String(person_id)) ?? Buffer.alloc(0)), 'the very key comes out')
    count[String(kek_id)] = (count[String(kek_id)] ?? 0) + 1
  }
  return count
}

test('a rotation that is killed leaves every key openable, and the next one goes on to the end', async () => {
  const env = operator.environment(database, rotated)
  const child = spawn(process.execPath, [join(import.meta.dirname, '../oo.ts'), 'keys', 'rewrap'], { env })
  for await (const text of child.stdout) if (String(text).includes('…')) break
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  const half = await keysUnder()
  assert.equal((half['1'] ?? 0) + (half['2'] ?? 0), people)
  assert.ok((half['2'] ?? 0) >= 500, JSON.stringify(half))
  const doctor = await operator.oo(['doctor'], env)
  if (half['1'])
    assert.match(
      doctor.lines,
      /✗ OO_KEK_1 still wraps keys although OO_KEK_2 is active: run npm run oo -- keys rotate/,
    )

  const said = await operator.oo(['keys', 'rewrap'], env)
  assert.deepEqual([said.code, said.sentence], [0, ''])
  assert.deepEqual(await keysUnder(), { 2: people })
  assert.match((await operator.oo(['doctor'], env)).lines, /✓ every wrapped key lies under OO_KEK_2/)
  const lost = await operator.oo(['doctor'], { ...env, OO_KEK_2: undefined, OO_KEK_ACTIVE: '1' })
  assert.match(lost.lines, /✗ OO_KEK_2 is missing, so what it sealed stays sealed: put it back/)
})

test('a key that does not open stays as it is, is counted, and holds up nobody else', async () => {
  await query(
    database,
    `UPDATE auth.person_keys SET kek_id = '1' WHERE person_id IN (SELECT id FROM auth.people LIMIT 1)`,
  )
  const said = await operator.oo(['keys', 'rewrap'], operator.environment(database, rotated))
  assert.equal(said.code, 0, said.sentence)
  assert.match(said.lines, /! 1 keys open with no key at hand and stay as they are/)
})

test('grants in the vault open after a rotation, and so do those still to be handed back', async () => {
  const own = await createTestDatabase()
  const settings = { secret: operator.secret, backupDir: operator.backupDir }
  try {
    const instance = await startInstance({ database: own, settings: { ...settings, keyring: older } })
    const [ada, grace] = [
      await instance.signIn('ada@example.test'),
      await instance.signIn('grace@example.test'),
    ]
    for (const person of [ada, grace]) await person.visit('/api/integrations/todoist/connect')
    await instance.control('POST', 'faults', { target: 'todoist', mode: 'down' })
    assert.equal((await grace.send('DELETE', '/api/integrations/todoist')).status, 204)
    const running = await operator.oo(['keys', 'rewrap'], operator.environment(own, rotated))
    assert.match(
      running.sentence,
      /^An api uses this database with the keys it was started with \(\d+ connections\): stop it/,
    )
    await instance.stop()

    const said = await operator.oo(['keys', 'rewrap'], operator.environment(own, rotated))
    assert.equal(said.code, 0, said.sentence)
    const ids = 'SELECT kek_id FROM integrations.grants UNION SELECT kek_id FROM integrations.revocations'
    assert.deepEqual(await query(own, ids), [{ kek_id: '2' }])
    assert.equal((await query(own, 'SELECT 1 FROM integrations.revocations')).length, 1)

    const onlyNew = { active: '2', keys: new Map([['2', second]]) }
    const next = await startInstance({ database: own, settings: { ...settings, keyring: onlyNew } })
    try {
      const headers = { cookie: `sid=${ada.sid()}`, host: '127.0.0.1:3000' }
      const { body } = await next.api.app.inject({ method: 'GET', url: '/api/profile', headers })
      assert.equal(JSON.parse(body).email, 'ada@example.test', 'the old key is not needed any more')
    } finally {
      await next.stop()
    }
  } finally {
    await own.drop()
  }
})
