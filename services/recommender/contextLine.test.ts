import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contextLine } from './contextLine.ts'

const day = (date: string, time: string | null = null) => ({ date, time })

test('days are counted in the person’s own calendar, also around midnight and where the clock changes', () => {
  // 23:30 on the 28th in New York is already the 29th in Berlin, the night the clock changes there.
  const now = new Date('2026-03-29T03:30:00Z')
  assert.equal(contextLine(day('2026-03-28'), now, 'America/New_York'), 'due today')
  assert.equal(contextLine(day('2026-03-28'), now, 'Europe/Berlin'), 'due yesterday')
  assert.equal(contextLine(day('2026-03-30'), now, 'Europe/Berlin'), 'due tomorrow')
  assert.equal(contextLine(day('2026-03-30'), now, 'Pacific/Kiritimati'), 'due tomorrow')
})

test('a time is shown on the person’s clock, a date never gains one', () => {
  const now = new Date('2026-03-29T06:00:00Z')
  assert.equal(contextLine(day('2026-03-29', '2026-03-29T12:00:00Z'), now, 'Europe/Berlin'), 'due at 14:00')
  assert.equal(contextLine(day('2026-03-29'), now, 'Europe/Berlin'), 'due today')
})

test('what is far away says nothing, what is long ago says how long', () => {
  const now = new Date('2026-03-10T12:00:00Z')
  assert.equal(contextLine(null, now, 'UTC'), undefined)
  assert.equal(contextLine(day('2026-03-17'), now, 'UTC'), undefined)
  assert.equal(contextLine(day('2026-03-13'), now, 'UTC'), 'due Friday')
  assert.equal(contextLine(day('2026-03-04'), now, 'UTC'), 'due 6 days ago')
})

test('no zone of the world shifts a date by a day', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const now = new Date('2026-07-01T12:00:00Z')
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(now)
    assert.equal(contextLine(day(today), now, zone), 'due today', zone)
  }
})
