import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bar, perSecond, type Row, significant } from './row.ts'
import { formatTable } from './table.ts'

const row: Row = {
  id: 'P3',
  what: 'the current tip',
  figure: perSecond(1234.5),
  ratio: '0.05 × bare',
  must: bar({ text: '≥ 0.01', met: true }, { text: '≥ 2', met: true }),
  goal: bar({ text: '≥ 1', met: true }, { text: '≥ 3', met: false }),
  laps: {},
  notes: [],
}

test('a bar is cleared only when every part of it is', () => {
  assert.deepEqual(row.must, { text: '≥ 0.01, ≥ 2', met: true })
  assert.deepEqual(row.goal, { text: '≥ 1, ≥ 3', met: false })
})

test('the table has the promised columns, aligned, and says which bars were missed', () => {
  const [heading = '', , line = ''] = formatTable([row]).split('\n')
  assert.deepEqual(heading.split(/\s*·\s*/), ['id', 'what', 'figure', 'ratio', 'must', 'goal'])
  assert.equal(line, 'P3 · the current tip · 1,235/s · 0.05 × bare · ✓ ≥ 0.01, ≥ 2 · ✗ ≥ 1, ≥ 3')
  assert.equal(heading.indexOf('figure'), line.indexOf('1,235/s'))
})

test('figures are rounded to what they can tell', () => {
  assert.equal(significant(0.012345), '0.012')
  assert.equal(significant(7.89), '7.9')
  assert.equal(significant(1234.5), '1235')
})
