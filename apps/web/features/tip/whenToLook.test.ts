import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Face } from './machine.ts'
import { waitWithoutTip, waitWithTip } from './whenToLook.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
const later = (ms: number) => new Date(now + ms).toISOString()
const hourMs = 3_600_000

test('a tip on the page is asked about every 20 seconds, after 10 minutes every minute', () => {
  const wait = (seenMs: number, lookedMs: number) =>
    waitWithTip(later(hourMs), { seenAt: now - seenMs, lookedAt: now - lookedMs, now })
  assert.equal(wait(0, 0), 20_000)
  assert.equal(wait(300_000, 5_000), 15_000)
  assert.equal(wait(600_000, 0), 60_000)
})

test('what is overdue, because something was open, is asked at once', () => {
  assert.equal(waitWithTip(later(hourMs), { seenAt: now - 45_000, lookedAt: now - 45_000, now }), 0)
})

test('the end of a tip is looked at a second later, once, and never in a loop', () => {
  const wait = (endMs: number, lookedMs: number) =>
    waitWithTip(later(endMs), { seenAt: now - 30_000, lookedAt: now - lookedMs, now })
  assert.equal(wait(5_000, 0), 6_000)
  assert.equal(wait(-2_000, 5_000), 0, 'it ended since the last look')
  assert.equal(wait(-2_000, 0), 20_000, 'looked after its end, and it still stands')
})

test('without a tip: at the end of a silence, in growing steps while oO is away, and not for ever', () => {
  const silent = (until: string | null): Face => ({
    is: 'nothing',
    silence: { reason: 'nothing_open', until },
    away: [],
  })
  const away: Face = { is: 'away', sentence: '' }
  assert.equal(waitWithoutTip(silent(later(10_000)), 0, now), 11_000)
  assert.equal(waitWithoutTip(silent(later(-10_000)), 0, now), 2_000)
  assert.equal(waitWithoutTip(silent(later(7 * hourMs)), 0, now), null)
  assert.equal(waitWithoutTip(silent(null), 0, now), null)
  assert.deepEqual(
    [0, 1, 4, 39, 40].map(tries => waitWithoutTip(away, tries, now)),
    [2_000, 4_000, 30_000, 30_000, null],
  )
})
