import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingDetail, nothingSentence, shortened, undoneSentence } from './sentences.ts'

const now = new Date('2026-11-20T12:00:00Z')
const say = (nothing: Parameters<typeof nothingSentence>[0]) => nothingSentence(nothing, 'UTC', now)
const detail = (nothing: Parameters<typeof nothingSentence>[0]) => nothingDetail(nothing, 'UTC', now)

test('a pause says until when', () => {
  assert.equal(say({ reason: 'paused', until: '2026-11-20T15:00:00Z' }), 'Paused until 15:00.')
  assert.equal(say({ reason: 'paused', until: '2026-11-21T08:00:00Z' }), 'Paused until tomorrow at 08:00.')
  assert.equal(say({ reason: 'paused', until: null }), 'Paused until you resume.')
})

test('a provider that does not answer is named; several are all named', () => {
  assert.equal(
    say({ reason: 'source_away', until: null, away: ['Todoist'] }),
    'Todoist does not answer right now.',
  )
  assert.equal(
    say({ reason: 'source_away', until: null, away: ['Todoist', 'Calendar'] }),
    'Todoist and Calendar do not answer right now.',
  )
  assert.equal(
    say({ reason: 'source_away', until: null }),
    'The app you connected does not answer right now.',
  )
})

test('peace is one sentence, and a tap says why and when oO looks again', () => {
  assert.equal(say({ reason: 'nothing_open', until: null }), 'Nothing needs you now.')
  assert.equal(
    detail({ reason: 'all_resting', until: '2026-11-20T14:00:00Z' }),
    'What is open rests for now. oO looks again at 14:00.',
  )
  assert.equal(
    detail({ reason: 'all_resting', until: '2026-11-21T09:00:00Z' }),
    'What is open rests for now. oO looks again tomorrow at 09:00.',
  )
  assert.equal(
    detail({ reason: 'nothing_open', until: null }),
    'No task is open. oO looks again when you come back.',
  )
})

test('an undo names what it took back, as far as its words are known', () => {
  assert.equal(undoneSentence('done', 'Call Grandma'), 'Undone “done”: Call Grandma')
  assert.equal(undoneSentence('dismiss'), 'Undone “not this”.')
})

test('a long text is cut at a word, one without words at a letter', () => {
  assert.equal(shortened('Call Grandma'), 'Call Grandma')
  assert.equal(
    shortened('Return the ladder that the neighbours lent us'),
    'Return the ladder that the neighbours…',
  )
  assert.equal(
    shortened('Reply to Mira about the workshop dates, the catering'),
    'Reply to Mira about the workshop dates…',
  )
  assert.equal(shortened('🎂'.repeat(41)), `${'🎂'.repeat(40)}…`)
})
