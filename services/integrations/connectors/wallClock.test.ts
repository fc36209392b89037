import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWallClock } from './wallClock.ts'

const instant = (zone: string | null, wall: string) => openWallClock(zone).instantOf(wall)?.toISOString()

test('a time on the wall is an instant in its zone, summer and winter', () => {
  assert.equal(instant('Europe/Berlin', '2026-07-01T15:00:00'), '2026-07-01T13:00:00.000Z')
  assert.equal(instant('Europe/Berlin', '2026-01-01T15:00:00'), '2026-01-01T14:00:00.000Z')
  assert.equal(instant('America/St_Johns', '2026-01-01T00:15:00'), '2026-01-01T03:45:00.000Z')
  assert.equal(instant(null, 'tomorrow at three'), undefined)
  assert.equal(instant('No/Such_Zone', '2026-01-01T15:00:00'), '2026-01-01T15:00:00.000Z')
})

test('a time that the clock change skips is moved past the gap, one that it repeats is the first', () => {
  assert.equal(instant('Europe/Berlin', '2026-03-29T02:30:00'), '2026-03-29T01:30:00.000Z')
  assert.equal(instant('Europe/Berlin', '2026-10-25T02:30:00'), '2026-10-25T00:30:00.000Z')
  assert.equal(instant('America/New_York', '2026-11-01T01:30:00'), '2026-11-01T05:30:00.000Z')
})

test('every hour of a year comes back as itself, in zones with strange clocks', () => {
  for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/Santiago']) {
    const clock = openWallClock(zone)
    for (let hour = 0; hour < 8_760; hour += 13) {
      const at = new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000)
      const wall = at.toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')
      const back = clock.instantOf(wall)
      const shown = back?.toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')
      assert.equal(shown, wall, `${zone} ${wall}`)
      assert.equal(clock.dayOf(at), wall.slice(0, 10))
    }
  }
})
