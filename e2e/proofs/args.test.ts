import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArgs, WrongUse } from './args.ts'

const known = ['R1', 'R2', 'R10']

test('without words every proof runs, in its short form', () => {
  assert.deepEqual(readArgs([], known), { wanted: known, full: false, json: undefined })
})

test('named proofs run once each, in the order of the table', () => {
  const argv = ['r10', 'R1', 'R10', '--full', '--json', 'x.json']
  assert.deepEqual(readArgs(argv, known), { wanted: ['R1', 'R10'], full: true, json: 'x.json' })
})

test('wrong use is a sentence that says what there is', () => {
  for (const argv of [['R3'], ['--fast'], ['--json'], ['--full=x']])
    assert.throws(() => readArgs(argv, known), WrongUse, argv.join(' '))
  assert.throws(() => readArgs(['R3'], known), /R1, R2, R10/)
})
