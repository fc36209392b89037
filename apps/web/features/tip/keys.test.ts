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
  assert.deepEqual(keyOf(press('d'), 'nothing'), { reaction: 'done' })
  assert.deepEqual(keyOf(press('X'), 'nothing'), { reaction: 'dismiss' })
  assert.equal(keyOf(press('z'), 'nothing'), 'undo')
  assert.equal(keyOf(press('w'), 'nothing'), 'why')
  assert.equal(keyOf(press('q'), 'nothing'), null)
})

test("a browser's shortcut, a held key and typing never react", () => {
  assert.equal(keyOf(press('d', { ctrlKey: true }), 'nothing'), null)
  assert.equal(keyOf(press('d', { repeat: true }), 'nothing'), null)
  assert.equal(keyOf(press('d'), 'field'), null)
  assert.equal(keyOf(press('Escape'), 'field'), 'close')
})

test('Enter and Space open the words when nothing has the focus, and are left to what has it', () => {
  for (const key of ['Enter', ' ']) {
    assert.equal(keyOf(press(key), 'nothing'), 'toggle')
    assert.equal(keyOf(press(key), 'something'), null)
    assert.equal(keyOf(press(key), 'field'), null)
  }
})
