import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedSeconds, waitSeconds } from './retryAfter.ts'

const date = 'Sun, 06 Nov 1994 08:49:37 GMT'

test('seconds are kept, a date is read in each of its three ways, both within a second and a day', () => {
  const asked: [string | null, number | undefined][] = [
    ['0', 1],
    ['7', 7],
    ['90000', 86_400],
    ['Sun, 06 Nov 1994 08:51:07 GMT', 90],
    ['Sunday, 06-Nov-94 08:51:07 GMT', 90],
    ['Sun Nov  6 08:51:07 1994', 90],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 1],
    ['Wed, 09 Nov 1994 08:00:00 GMT', 86_400],
    [null, undefined],
    ['', undefined],
    ['-5', undefined],
    ['1e9', undefined],
    ['soon', undefined],
    ['May 5', undefined],
    ['Sun, 99 Nov 1994 99:51:07 GMT', undefined],
  ]
  for (const [retryAfter, seconds] of asked)
    assert.equal(askedSeconds(retryAfter, date), seconds, `${retryAfter}`)
})

test('a date without the clock it is of says nothing, and a minute is waited then', () => {
  assert.equal(askedSeconds('Sun, 06 Nov 1994 08:51:07 GMT', null), undefined)
  assert.equal(waitSeconds('Sun, 06 Nov 1994 08:51:07 GMT'), 60)
  assert.equal(waitSeconds(null), 60)
  assert.equal(waitSeconds('Sun, 06 Nov 1994 08:51:07 GMT', date), 90)
})
