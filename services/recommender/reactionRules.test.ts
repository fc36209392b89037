import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packFloats, unpackFloats } from './floats.ts'
import { pastMoment } from './pastMoment.ts'
import { restUntil } from './reactionRules.ts'

const now = new Date('2026-03-01T10:00:00Z')

test('a dismissed item rests three days, a snoozed one until its time, a refused one for good', () => {
  assert.equal(restUntil('dismiss', now, null).toISOString(), '2026-03-04T10:00:00.000Z')
  assert.equal(
    restUntil('snooze', now, new Date('2026-03-01T11:00:00Z')).toISOString(),
    '2026-03-01T11:00:00.000Z',
  )
  assert.ok(restUntil('never', now, null) > new Date('9000-01-01'))
})

test('a device with a wrong clock cannot date a reaction before its tip or after now', () => {
  const earliest = new Date('2026-03-01T09:00:00Z')
  const at = (claimed: string | undefined) => pastMoment(claimed, { earliest, now }).toISOString()
  assert.equal(at('2020-01-01T00:00:00Z'), earliest.toISOString())
  assert.equal(at('2030-01-01T00:00:00Z'), now.toISOString())
  assert.equal(at('2026-03-01T09:30:00Z'), '2026-03-01T09:30:00.000Z')
  assert.equal(at('2026-02-28T23:59:60Z'), now.toISOString(), 'no clock shows this')
  assert.equal(at(undefined), now.toISOString())
})

test('numbers of the log survive as float32', () => {
  assert.deepEqual(unpackFloats(packFloats([0, 0.5, -3, 1e-3])), [0, 0.5, -3, Math.fround(1e-3)])
  assert.deepEqual(unpackFloats(packFloats([])), [])
})
