import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Integration } from '@oo/shared-types'
import { cameBackSentence, isWell, stateSentence } from './stateSentence.ts'

const todoist: Integration = { id: 'todoist', name: 'Todoist', reads: '', stores: '', state: 'connected' }

test('a connected app tells how much it understood, when that is known', () => {
  assert.equal(stateSentence({ ...todoist, openTasks: 23 }), 'connected, 23 open tasks understood')
  assert.equal(stateSentence({ ...todoist, openTasks: 1 }), 'connected, 1 open task understood')
  assert.equal(stateSentence(todoist), 'connected')
})

test("an app in trouble speaks the api's sentence", () => {
  assert.equal(stateSentence({ ...todoist, state: 'away', message: 'Todoist is slow.' }), 'Todoist is slow.')
  assert.equal(stateSentence({ ...todoist, state: 'reconnect' }), 'access was withdrawn; connect again')
})

test('a connected app that may not be read says so, and does not shine', () => {
  const withdrawn = { ...todoist, message: 'You withdrew the consent to read.' }
  assert.equal(stateSentence(withdrawn), 'You withdrew the consent to read.')
  assert.equal(isWell(withdrawn), false)
  assert.equal(isWell(todoist), true)
})

test('a connection that failed is told once it is true: not of a source that is connected, nor what oO never says', () => {
  const apart: Integration = { ...todoist, state: 'disconnected' }
  const back = { problem: 'expired', source: 'todoist' }
  assert.match(cameBackSentence(back, [apart]) ?? '', /nothing new was connected/)
  assert.equal(cameBackSentence(back, [todoist]), undefined)
  assert.equal(cameBackSentence({ ...back, problem: 'bogus' }, [apart]), undefined)
  assert.equal(cameBackSentence({}, [apart]), undefined)
})
