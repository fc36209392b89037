import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, medianRatio, percentile } from './statistics.ts'

test('the median is the middle, whatever the order', () => {
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4, 1, 3, 2]), 2.5)
  assert.equal(median([7]), 7)
  assert.throws(() => median([]), /at least one/)
})

test('a percentile is a value that was seen', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  assert.equal(percentile(hundred, 0.5), 50)
  assert.equal(percentile(hundred, 0.99), 99)
  assert.equal(percentile([3], 0.99), 3)
  assert.equal(percentile([10, 9, 2], 0), 2)
  assert.throws(() => percentile([], 0.5), /at least one/)
})

test('a ratio compares laps of the same round, so a slow round does not bend it', () => {
  assert.equal(medianRatio([10, 5, 20], [100, 50, 200]), 0.1)
  assert.throws(() => medianRatio([1, 2], [1]), /as many/)
})
