import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTable } from './table.ts'
import { sumOf, type ToldRow, verdictOf } from './verdict.ts'

const good: ToldRow = {
  id: 'R1',
  what: 'kill api',
  done: 1_200,
  of: 1_000,
  unit: 'kills',
  lost: 0,
  doubled: 0,
  control: 'caught',
  notes: ['back after 1 s'],
  seconds: 3,
}

test('only what is whole, lost nothing, doubled nothing and has a control that noticed has passed', () => {
  assert.equal(verdictOf(good), 'passed')
  assert.equal(verdictOf({ ...good, control: 'none' }), 'passed')
  const misses: Partial<ToldRow>[] = [
    { lost: 1 },
    { doubled: 1 },
    { done: 999 },
    { done: 0, of: 0 },
    { control: 'missed' },
    { failed: 'it threw' },
  ]
  for (const miss of misses) assert.equal(verdictOf({ ...good, ...miss }), 'failed', JSON.stringify(miss))
})

test('what could not run is never counted as passed', () => {
  const notRun = { ...good, notRun: 'needs root' }
  assert.equal(verdictOf(notRun), 'not run')
  assert.deepEqual(sumOf([good, notRun, { ...good, lost: 1 }]), { passed: 1, failed: 1, notRun: 1 })
  assert.match(formatTable([notRun]), /^– R1 · kill api · not run/m)
})

test('the table has the promised columns, and every note names its row', () => {
  const text = formatTable([good, { ...good, id: 'R2', failed: 'it threw' }])
  const [heading = ''] = text.split('\n')
  assert.deepEqual(heading.trim().split(/\s*·\s*/), ['id', 'what', 'done', 'lost', 'doubled', 'control'])
  assert.match(text, /^✓ R1 · kill api · 1,200 of 1,000 kills · 0 {4}· 0 {7}· caught$/m)
  assert.match(text, /^R2 kill api: FAILED: it threw$/m)
  assert.match(text, /^R1 kill api: back after 1 s$/m)
})
