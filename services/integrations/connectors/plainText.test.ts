import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainText } from './plainText.ts'

test('provider text becomes plain text', () => {
  const cases: [string, string][] = [
    ['  Call the dentist \n', 'Call the dentist'],
    ['Read [the report](https://example.test/a?b=c) **today**', 'Read the report today'],
    ['![pic](https://example.test/x.png) look', 'pic look'],
    ['Run `npm test` now', 'Run npm test now'],
    ['a\u0000b\u001b[31mc\td', 'a b [31mc d'],
    ['evil \u202egnp.exe\u202c', 'evil gnp.exe'],
    ['2 * 3 ** 4 [not a link]', '2 * 3 ** 4 [not a link]'],
    ['👩‍👩‍👧 call', '👩‍👩‍👧 call'],
    ['\ud800x', '\ufffdx'],
    ['[](https://example.test)', ''],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ]
  for (const [from, to] of cases) assert.equal(plainText(from), to)
})

test('at most 500 characters are kept, none of them cut in half', () => {
  assert.equal([...plainText('😀'.repeat(600))].length, 500)
})

test('hostile markdown costs no time', () => {
  const begun = performance.now()
  for (const part of ['[', '[[](', '**a', '`', '![a](']) plainText(part.repeat(20_000))
  assert.ok(performance.now() - begun < 1_000)
})
