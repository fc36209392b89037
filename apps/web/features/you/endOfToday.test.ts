import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfToday } from './endOfToday.ts'

test('today ends at the midnight of the zone, also on the days the clock changes', () => {
  const end = (now: string, zone: string) => endOfToday(new Date(now), zone).toISOString()
  assert.equal(end('2026-11-20T23:30:00Z', 'Europe/Berlin'), '2026-11-21T23:00:00.000Z')
  assert.equal(end('2026-10-25T00:30:00Z', 'Europe/Berlin'), '2026-10-25T23:00:00.000Z')
  assert.equal(end('2026-12-31T12:00:00Z', 'America/New_York'), '2027-01-01T05:00:00.000Z')
})
