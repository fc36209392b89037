import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBuckets } from './buckets.ts'
import { frozenClock } from './clock.ts'

test('a share of a minute is spent, says how long to wait, and comes back evenly', () => {
  const clock = frozenClock(new Date())
  const buckets = createBuckets(clock)
  for (let i = 0; i < 60; i++) buckets.spend('a', 60)
  assert.throws(() => buckets.spend('a', 60), { status: 429, retryAfterSeconds: 1 })
  buckets.spend('b', 60)
  clock.advance(1_000)
  buckets.spend('a', 60)
  assert.throws(() => buckets.spend('a', 60), { status: 429 })
})

test('however many keys come, only so many are remembered, those seen last', () => {
  const buckets = createBuckets(frozenClock(new Date()), 2)
  buckets.spend('a', 1)
  buckets.spend('b', 1)
  buckets.spend('c', 1)
  buckets.spend('a', 1)
  assert.throws(() => buckets.spend('c', 1), { status: 429 })
})
