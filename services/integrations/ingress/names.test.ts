import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownName } from './names.ts'

test('a name that was kept before is shown without what cannot be', () => {
  assert.equal(shownName('W\u0000a\u202et\ud800ch\n'), 'Watch')
  assert.equal(shownName('👩‍👧 7'), '👩‍👧 7')
  assert.equal(shownName('\u200b\u202e \u3164'), undefined)
})
