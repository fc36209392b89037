import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '@oo/kernel'
import { grantPlace, openVault } from './vault.ts'

const key = Buffer.alloc(32, 7)
const vault = openVault({ active: 'a', keys: new Map([['a', key]]) }, systemRandom)
const tokens = {
  access: 'secret-access',
  refresh: 'secret-refresh',
  expiresAt: new Date('2026-05-04T10:00:00Z'),
  account: '42',
}
const home = { id: 'g1', personId: 'ada', provider: 'todoist' }

test('tokens come back as they were, and none of their bytes lie in the envelope', () => {
  const envelope = vault.seal(tokens, grantPlace(home))
  assert.deepEqual(vault.open(envelope, grantPlace(home)), tokens)
  const bytes = Buffer.concat([envelope.wrappedKey, envelope.tokens]).toString('latin1')
  for (const word of ['secret', 'access', 'refresh']) assert.ok(!bytes.includes(word))
})

test('an envelope opens nowhere but for its person, provider and row', () => {
  const envelope = vault.seal(tokens, grantPlace(home))
  const elsewhere = [
    { ...home, personId: 'eve' },
    { ...home, provider: 'google' },
    { ...home, id: 'g2' },
  ]
  for (const place of elsewhere) assert.throws(() => vault.open(envelope, grantPlace(place)))
})

test('keys and tokens of two envelopes cannot be mixed, and a changed byte is refused', () => {
  const [one, two] = [vault.seal(tokens, grantPlace(home)), vault.seal(tokens, grantPlace(home))]
  assert.throws(() => vault.open({ ...one, wrappedKey: two.wrappedKey }, grantPlace(home)))
  const last = one.tokens.length - 1
  one.tokens.writeUInt8(one.tokens.readUInt8(last) ^ 1, last)
  assert.throws(() => vault.open(one, grantPlace(home)))
})

test('what an older master key wrapped still opens; without that key the sentence names it', () => {
  const envelope = vault.seal(tokens, grantPlace(home))
  const fresh = Buffer.alloc(32, 9)
  const keys = new Map([
    ['a', key],
    ['b', fresh],
  ])
  assert.deepEqual(openVault({ active: 'b', keys }, systemRandom).open(envelope, grantPlace(home)), tokens)
  const without = openVault({ active: 'b', keys: new Map([['b', fresh]]) }, systemRandom)
  assert.throws(() => without.open(envelope, grantPlace(home)), /OO_KEK_a/)
})
