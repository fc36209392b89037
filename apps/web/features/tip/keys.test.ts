import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf } from './keys.ts'

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...more,
})

test('letters react, in either case', () => {
  assert.deepEqual(keyOf(press('d'), false), { reaction: 'done' })
  assert.deepEqual(keyOf(press('X'), false), { reaction: 'dismiss' })
  assert.equal(keyOf(press('z'), false), 'undo')
  assert.equal(keyOf(press('w'), false), null)
})

test("a browser's shortcut, a held key and typing never react", () => {
  assert.equal(keyOf(press('d', { ctrlKey: true }), false), null)
  assert.equal(keyOf(press('d', { repeat: true }), false), null)
  assert.equal(keyOf(press('d'), true), null)
  assert.equal(keyOf(press('Escape'), true), 'close')
})
