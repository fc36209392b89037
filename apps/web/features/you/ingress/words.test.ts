import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commandFor, outcomeOf } from './words.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../../docs/api/ingress.md'), 'utf8')

test('the command of the page is the one of the documents, which tests run', () => {
  const [, documented] = /```bash\n(.*?)```/s.exec(page) ?? []
  const command = commandFor('https://oo.example/api/ingress/a', 'oos_b', 'mood')
  const [url, secret, ...rest] = command.split('\n')
  assert.equal(rest.join('\n'), documented)
  assert.deepEqual(
    [url, secret],
    ["INGRESS_URL='https://oo.example/api/ingress/a'", "INGRESS_SECRET='oos_b'"],
  )
})

test('what became of a delivery is said with why', () => {
  const one = { id: 'a', at: '2026-11-22T08:00:00Z' }
  assert.equal(outcomeOf({ ...one, accepted: 1, refused: [] }), '1 signal taken')
  const refused = [{ type: 'sleep' as const, because: 'There is no consent to sleep.' }]
  assert.equal(
    outcomeOf({ ...one, accepted: 2, refused }),
    '2 signals taken · sleep left out: There is no consent to sleep.',
  )
  const problem = 'body/signals/0/value does not fit the contract.'
  assert.equal(outcomeOf({ ...one, accepted: 0, refused: [], problem }), `refused: ${problem}`)
})
