import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { type Keyring, open, sameSecret, seal, unwrapKey, wrapKey } from './seal.ts'

const key = randomBytes(32)

test('what is sealed opens again, at its own place only', () => {
  const sealed = seal(key, Buffer.from('buy milk'), 'table.column:1')
  assert.equal(open(key, sealed, 'table.column:1').toString(), 'buy milk')
  assert.throws(() => open(key, sealed, 'table.column:2'))
  assert.throws(() => open(randomBytes(32), sealed, 'table.column:1'))
})

test('a single changed bit is noticed, wherever it is', () => {
  const sealed = seal(key, Buffer.from('buy milk'), 'here')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.throws(() => open(key, changed, 'here'), `byte ${at}`)
  }
})

test('a key wrapped by an old master key still unwraps, and a missing one is named', () => {
  const keys = new Map([
    ['1', randomBytes(32)],
    ['2', randomBytes(32)],
  ])
  const old: Keyring = { active: '1', keys }
  const wrapped = wrapKey(old, key, 'person:a')
  assert.deepEqual(unwrapKey({ active: '2', keys }, wrapped, 'person:a'), key)
  keys.delete('1')
  assert.throws(() => unwrapKey({ active: '2', keys }, wrapped, 'person:a'), /OO_KEK_1 is missing/)
})

test('secrets of unequal length compare without a throw', () => {
  assert.equal(sameSecret('a', 'abc'), false)
  assert.equal(sameSecret('abc', 'abc'), true)
})
