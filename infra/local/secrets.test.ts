import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readStored } from './envFile.ts'
import { keyFingerprints } from './keyFingerprints.ts'
import { ensureSecrets } from './secrets.ts'

function newFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'oo-secrets-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, '.env.local')
}

test('secrets are made once, in a file only its owner reads', t => {
  const file = newFile(t)
  const made = ensureSecrets(file, {})
  const written = readFileSync(file, 'utf8')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(Buffer.from(made.OO_KEK_1 ?? '', 'base64').length, 32)
  assert.equal(made.OO_KEK_ACTIVE, '1')
  assert.deepEqual(ensureSecrets(file, {}), made)
  assert.equal(readFileSync(file, 'utf8'), written)
})

test('the key pair of web push belongs together', t => {
  const made = ensureSecrets(newFile(t), {})
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(Buffer.from(made.VAPID_PRIVATE_KEY ?? '', 'base64url'))
  assert.equal(pair.getPublicKey('base64url'), made.VAPID_PUBLIC_KEY)
})

test('what a person wrote stays, and the environment wins over the file', t => {
  const file = newFile(t)
  const mine = 'a-secret-of-my-own-that-is-long-enough-0123456789'
  writeFileSync(file, `OO_WEB_PORT=4000\nOO_SECRET=${mine}`)
  const env = ensureSecrets(file, { OO_WEB_PORT: '5000' })
  assert.deepEqual([env.OO_SECRET, env.OO_WEB_PORT], [mine, '5000'])
  assert.match(
    readFileSync(file, 'utf8'),
    new RegExp(`^OO_WEB_PORT=4000\nOO_SECRET=${mine}\nML_SHARED_SECRET=`),
  )
})

for (const [name, value] of Object.entries({
  OO_SECRET: 'short',
  ML_SHARED_SECRET: 'a'.repeat(40),
  ADMIN_TOKEN: 'letmein',
  OO_KEK_7: 'not32bytes',
  OO_KEK_ACTIVE: 'gone',
})) {
  test(`a weak ${name} is refused with a sentence that says what to do, and nothing is written`, t => {
    const file = newFile(t)
    assert.throws(() => ensureSecrets(file, { [name]: value }), {
      name: 'Refusal',
      message: new RegExp(`${name}.*:`),
    })
    assert.ok(!existsSync(file))
  })
}

test('people are never met with another secret than the one they are found by', t => {
  const file = newFile(t)
  const made = ensureSecrets(file, {})
  const known = keyFingerprints(made)
  const other = randomBytes(32).toString('base64url')
  assert.throws(() => ensureSecrets(file, { OO_SECRET: other }, known), /put the old OO_SECRET back into/)
  rmSync(file)
  const keys = { OO_KEK_1: made.OO_KEK_1, OO_KEK_ACTIVE: '1' }
  assert.throws(() => ensureSecrets(file, keys, known), /put the old OO_SECRET back into/)
  assert.ok(!existsSync(file))
  const { OO_SECRET: _, ...before } = known
  assert.doesNotThrow(
    () => ensureSecrets(file, keys, before),
    'a folder from before the secret was remembered',
  )
})

test('data sealed with another master key is never opened with a new one', t => {
  const file = newFile(t)
  const known = keyFingerprints(ensureSecrets(file, {}))
  assert.doesNotThrow(() => ensureSecrets(file, {}, known))
  const { OO_SECRET } = readStored(file)
  rmSync(file)
  assert.throws(() => ensureSecrets(file, { OO_SECRET }, known), /put the old OO_KEK_1 back into/)
  const other = { OO_SECRET, OO_KEK_1: Buffer.alloc(32, 7).toString('base64') }
  assert.throws(() => ensureSecrets(file, other, known), /put the old OO_KEK_1 back into/)
  assert.ok(!existsSync(file))
})
