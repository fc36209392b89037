import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  asSentence,
  certaintyWords,
  nothingLearned,
  personalisedSentences,
  silenceSentence,
} from './insightSentences.ts'

test('someone new reads that nothing is known yet, and never a claim', () => {
  const none = { statements: [] }
  assert.match(nothingLearned({ ...none, state: 'known', rewards: 0 }), /^oO knows nothing about you yet/)
  assert.match(nothingLearned({ ...none, state: 'known', rewards: 1 }), /from 1 moment, and nothing is sure/)
  assert.match(nothingLearned({ ...none, state: 'away', rewards: 0 }), /away right now/)
  assert.equal(personalisedSentences({ moments: 0, atRandom: 0 })[0], 'No evidence yet.')
})

test('an interval that holds zero is no evidence, on whichever side its middle lies', () => {
  const told = { moments: 200, atRandom: 10, difference: 0.2 }
  const first = (low: number, high: number) => personalisedSentences({ ...told, low, high })[0]
  assert.equal(
    first(-0.4, 0.8),
    'No evidence yet: the difference lies between −0.40 and +0.80 a moment, with 95 % certainty.',
  )
  assert.match(first(0.05, 0.35) ?? '', /^Yes: .* between \+0\.05 and \+0\.35/)
  assert.match(first(-0.35, -0.05) ?? '', /^Not so far: /)
  assert.match(personalisedSentences({ ...told, low: -1, high: 1 })[1] ?? '', /190 moments and left 10 to/)
})

test('silence is told by its reasons, certainty in words', () => {
  assert.equal(silenceSentence([], 'today'), 'Never quiet today.')
  assert.equal(
    silenceSentence([{ reason: 'paused', times: 1 }], 'today'),
    'Quiet once today: while you paused.',
  )
  const both = [
    { reason: 'nothing_worth_it' as const, times: 9 },
    { reason: 'all_resting' as const, times: 5 },
  ]
  assert.equal(
    silenceSentence(both, 'today'),
    'Quiet 14 times today: 9 with nothing worth it, 5 while everything rested.',
  )
  assert.deepEqual([0.9, 0.95, 0.99].map(certaintyWords), ['likely', 'very likely', 'almost certain'])
  assert.equal(asSentence('tasks in the morning help you'), 'Tasks in the morning help you.')
})
