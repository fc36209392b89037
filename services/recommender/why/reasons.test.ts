import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contributionsOf, openContributions } from './contributions.ts'
import { reasonsOf } from './reasons.ts'

const anything = () => true

test('what all candidates share is no reason; what sets this one apart is, the strongest first', () => {
  const names = ['kind_todo', 'overdue', 'priority', 'age']
  const own = [0.9, 0.3, 0.1, -0.2]
  const reasons = reasonsOf({ names, values: [1, 1, 1, 1], own, typical: [0.9, 0, 0, 0] }, anything)
  assert.deepEqual(reasons, [
    { sentence: 'it is overdue', share: 0.3 / (0.3 + 0.1) },
    { sentence: 'you marked it as important', share: 0.1 / (0.3 + 0.1) },
  ])
})

test('at most three reasons are told, and none that hardly counted', () => {
  const names = ['overdue', 'priority', 'age', 'due_today']
  const all = { names, values: [1, 1, 1, 1], typical: [0, 0, 0, 0] }
  assert.equal(reasonsOf({ ...all, own: [1, 0.9, 0.8, 0.7] }, anything).length, 3)
  const one = reasonsOf({ ...all, own: [1, 0.01, 0.01, 0.01] }, anything)
  assert.deepEqual(
    one.map(({ sentence }) => sentence),
    ['it is overdue'],
  )
})

test('a sentence is told only where it is true of the candidate', () => {
  const tell = (name: string, value: number, own: number, typical: number) =>
    reasonsOf({ names: [name], values: [value], own: [own], typical: [typical] }, anything)[0]?.sentence
  assert.equal(tell('hour_suits', 0.5, 0.2, 0), 'this should be a good time of day for it')
  assert.equal(tell('hour_suits', -0.5, 0.2, 0), 'an unusual time of day for it should suit you')
  assert.equal(tell('times_shown', 0, 0, -0.3), 'you have seen it less often than the rest')
  assert.equal(tell('overdue', 0, 0, -0.3), undefined, 'not being overdue has no sentence')
  const less = 'it is not what most others like best, and should suit you'
  assert.equal(tell('received', 0.1, -0.1, -0.3), less)
  assert.equal(
    tell('received', 0, 0, -0.3),
    undefined,
    'others made still less of the rest; of this nothing is known',
  )
  assert.equal(tell('received', -0.1, -0.1, -0.3), undefined, 'others made still less of the rest')
  assert.equal(tell('gone_since', 1, 0.2, 0), undefined, 'a column that is no longer there')
})

test('a feature whose purpose was not agreed to never appears, and takes no share', () => {
  const explained = { names: ['sleep_effort', 'overdue'], values: [1, 1], own: [0.5, 0.1], typical: [0, 0] }
  assert.deepEqual(
    reasonsOf(explained, purpose => purpose !== 'sleep'),
    [{ sentence: 'it is overdue', share: 1 }],
  )
})

test('what is kept is the row of the chosen and the average of all', () => {
  const [a, b] = [{ id: 'a' }, { id: 'b' }]
  const contributions = [
    [1, 2],
    [3, -6],
  ]
  const kept = contributionsOf({ chosen: b, contributions }, [a, b])
  assert.ok(kept)
  assert.deepEqual(openContributions(kept), { own: [3, -6], typical: [2, -2] })
  assert.equal(contributionsOf({ chosen: null, contributions }, [a, b]), null)
  assert.equal(contributionsOf({ chosen: b, contributions: [] }, [a, b]), null, 'nothing was scored')
})
