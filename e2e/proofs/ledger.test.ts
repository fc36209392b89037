import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, type Found, type Ledger } from './ledger.ts'

const ledger: Ledger = new Map([
  ['tip-1', { reactionId: 'a', reaction: 'helpful' }],
  ['tip-2', { reactionId: 'b', reaction: 'dismiss' }],
])
const whole = {
  reactions: [
    { id: 'a', tipId: 'tip-1', reaction: 'helpful' },
    { id: 'b', tipId: 'tip-2', reaction: 'dismiss' },
  ],
  events: ['a', 'b'],
}
const count = (found: Partial<Found>) => {
  const { lost, doubled } = compare(ledger, { ...whole, ...found })
  return { lost, doubled }
}

test('a database that has every acknowledged reaction once, and told of it once, is whole', () => {
  assert.deepEqual(count({}), { lost: 0, doubled: 0 })
})

test('a reaction that is gone, another one, or one that nobody is told of is lost', () => {
  const [first, second] = whole.reactions
  assert.ok(first && second)
  assert.deepEqual(count({ reactions: [first] }), { lost: 1, doubled: 0 })
  assert.deepEqual(count({ reactions: [first, { ...second, id: 'c' }] }), { lost: 1, doubled: 0 })
  assert.deepEqual(count({ reactions: [first, { ...second, reaction: 'never' }] }), { lost: 1, doubled: 0 })
  assert.deepEqual(count({ events: ['a'] }), { lost: 1, doubled: 0 })
})

test('a second reaction to one tip and a second telling are doubled', () => {
  const again = { id: 'c', tipId: 'tip-2', reaction: 'dismiss' }
  assert.deepEqual(count({ reactions: [...whole.reactions, again] }), { lost: 0, doubled: 1 })
  assert.deepEqual(count({ events: ['a', 'b', 'b'] }), { lost: 0, doubled: 1 })
})
