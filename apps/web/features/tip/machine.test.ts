import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tip } from '@oo/shared-types'
import { begin, type Face, type Happening, type Payload, type State, step } from './machine.ts'

const tip = (id: string): Tip => ({
  id,
  decisionId: 'd',
  kind: 'todo',
  text: `Tip ${id}`,
  source: { provider: 'todoist' },
  policy: 'random',
  createdAt: '2026-11-20T10:00:00Z',
  expiresAt: '2026-11-21T10:00:00Z',
})
const face = (id: string): Face => ({ is: 'tip', tip: tip(id) })
const payload: Payload = { tipId: 'a', reaction: 'done', at: '2026-11-20T10:00:00Z' }
const reacted: Happening = { type: 'reacted', payload, said: 'Done.' }
const run = (state: State, ...happenings: Happening[]) => happenings.reduce(step, state)

test('a reaction takes the tip away at once and can be undone before it is recorded', () => {
  const state = run(begin(face('a')), { type: 'opened', open: 'actions' }, reacted)
  assert.equal(state.motion, 'leaving')
  assert.equal(state.open, 'closed')
  assert.deepEqual(state.undo, { reaction: 'done', tip: tip('a'), id: null })
})

test('a second reaction while the first one leaves is nothing', () => {
  const once = run(begin(face('a')), reacted)
  assert.equal(step(once, { type: 'reacted', payload: { ...payload, reaction: 'dismiss' }, said: '' }), once)
})

test('the next tip comes after the rest, and undo still names the one before', () => {
  const state = run(
    begin(face('a')),
    reacted,
    { type: 'left' },
    { type: 'recorded', id: 'r' },
    { type: 'arrived', face: face('b') },
  )
  assert.deepEqual(state.face, face('b'))
  assert.equal(state.motion, 'still')
  assert.deepEqual(state.undo, { reaction: 'done', tip: tip('a'), id: 'r' })
})

test('a reaction that cannot be sent brings the tip back with a sentence', () => {
  const state = run(begin(face('a')), reacted, { type: 'left' }, { type: 'unsent', notice: 'Not sent.' })
  assert.deepEqual(state.face, face('a'))
  assert.equal(state.motion, 'still')
  assert.equal(state.undo, null)
  assert.equal(state.notice, 'Not sent.')
  assert.equal(state.said, 'Not sent.')
})

test('undo brings back what it undid, also when the next tip is already there', () => {
  const state = run(
    begin(face('a')),
    reacted,
    { type: 'left' },
    { type: 'arrived', face: face('b') },
    { type: 'undone', tip: tip('a'), said: 'Undone.' },
  )
  assert.deepEqual(state.face, face('a'))
  assert.equal(state.undo, null)
})

test('a late undo leaves the page as it is and stays confirmed, until the next reaction', () => {
  const undone = run(begin(face('b')), { type: 'undoneLate', notice: 'Undone: A…', said: 'Undone: Tip a.' })
  assert.deepEqual(undone.face, face('b'))
  assert.equal(undone.notice, 'Undone: A…')
  const back = step(undone, { type: 'arrived', face: face('a') })
  assert.deepEqual(back.face, face('a'))
  assert.equal(back.notice, 'Undone: A…')
  assert.equal(back.said, 'Undone: Tip a.')
  assert.equal(step(undone, { type: 'arrived', face: face('c') }).said, 'Undone: Tip a. Next: Tip c')
  assert.equal(step(back, reacted).notice, null)
})

test('a notice of what went wrong ends with the next face', () => {
  const state = run(
    begin(face('b')),
    { type: 'undoneLate', notice: 'Undone.', said: 'Undone.' },
    { type: 'noticed', notice: 'Not sent.' },
    { type: 'arrived', face: face('a') },
  )
  assert.equal(state.notice, null)
  assert.equal(state.said, 'Next: Tip a')
})

test('looking again and finding the same tip does not close what the person opened', () => {
  const open = run(begin(face('a')), { type: 'opened', open: 'later' })
  assert.equal(step(open, { type: 'arrived', face: face('a') }), open)
})

test('nothing opens while a tip leaves', () => {
  const leaving = run(begin(face('a')), reacted)
  assert.equal(step(leaving, { type: 'opened', open: 'actions' }), leaving)
})

test('a tip that ended elsewhere leaves as softly as one that was reacted to, and takes no reaction meanwhile', () => {
  const leaving = run(begin(face('a')), { type: 'opened', open: 'actions' }, { type: 'withdrawn' })
  assert.equal(leaving.motion, 'leaving')
  assert.equal(leaving.open, 'closed')
  assert.equal(step(leaving, reacted), leaving)
  const next = run(leaving, { type: 'left' }, { type: 'arrived', face: face('b') })
  assert.deepEqual(next.face, face('b'))
  assert.equal(next.said, 'Next: Tip b')
})
