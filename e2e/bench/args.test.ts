import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArgs, WrongUse } from './args.ts'

test('without words everything is measured, in laps of ten seconds', () => {
  assert.deepEqual(readArgs([]), {
    wanted: ['P1', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P12', 'P13'],
    seconds: 10,
    people: 100_000,
    vw: false,
    json: undefined,
  })
})

test('named measures run once each, in the order of the table', () => {
  assert.deepEqual(
    readArgs(['p4', 'P1', 'P4', '--seconds', '2', '--people', '1000000', '--vw', '--json', 'x.json']),
    {
      wanted: ['P1', 'P4'],
      seconds: 2,
      people: 1_000_000,
      vw: true,
      json: 'x.json',
    },
  )
})

test('wrong use is a sentence that says what is known', () => {
  for (const argv of [['P2'], ['--seconds', '0'], ['--seconds=x'], ['--fast'], ['--people', '9'], ['--json']])
    assert.throws(() => readArgs(argv), WrongUse, argv.join(' '))
  assert.throws(() => readArgs(['P2']), /P1, P3, P4, P5, P6, P7, P8, P9, P10, P12, P13/)
})
