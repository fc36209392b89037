import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFindings } from './figures.ts'
import { readLab } from './labReport.ts'

const canary = {
  experiment: 'e',
  state: 'canary_5',
  days: 8,
  treated: 20,
  others: 300,
  low: -0.1,
  high: 0.1,
  sampleRatioP: 1,
  guardrails: [{ name: 'dismissals', low: 0, high: 1, band: 0.02 }],
}
const told = (more: object) => ({
  at: '2026-06-01T00:00:00Z',
  days: 30,
  decisions: 1,
  policies: { lints: { version: '1', incumbent: 'hb_ts', replay: null, watched: null, canary, ...more } },
})

test('what the judge wrote is read; what is not as agreed was not measured', () => {
  const read = (more: object) => readFindings(told(more))?.policies.get('lints')
  assert.deepEqual(read({})?.canary, canary)
  assert.equal(read({ replay: { value: 1, low: 0 } })?.replay, null)
  assert.equal(read({ canary: { ...canary, low: null } })?.canary, null)
  const unreadable = [...canary.guardrails, { name: 'opt-outs', low: 'much', high: 1, band: 0 }]
  assert.equal(read({ canary: { ...canary, guardrails: unreadable } })?.canary, null)
  for (const nonsense of [null, 7, 'x', [], {}, { ...told({}), at: 'yesterday' }])
    assert.equal(readFindings(nonsense), null)
})

test('a report of the lab is read where it has both policies by persona, in every place of the one', () => {
  const figures = {
    means: { 'people/low/lints': 0.41, 'people/low/hb_ts': 0.42, 'people/low/vw': 0.1 },
    by_persona: { 'people/low/lints': { owl: 0.3, lark: 0.5 }, 'people/low/hb_ts': { owl: 0.31, lark: 0.4 } },
    seeds: [0, 9, 100, 101, 101, 'x'],
  }
  const report = (more: object) => ({
    made: '2026-06-01',
    tracks: { B: { figures: { ...figures, ...more } } },
  })
  const read = readLab(report({}), 'lints', 'hb_ts')
  assert.deepEqual([read?.seeds, read?.places.length], [2, 1])
  const place = read?.places[0]
  assert.deepEqual([place?.persona, place?.gain.toFixed(3)], ['owl', '-0.010'])
  for (const none of [
    readLab(report({}), 'igw', 'hb_ts'),
    readLab(report({ by_persona: {} }), 'lints', 'hb_ts'),
    readLab(report({ means: { ...figures.means, 'people/dense/lints': 1 } }), 'lints', 'hb_ts'),
    readLab(null, 'lints', 'hb_ts'),
  ])
    assert.equal(none, null)
})
