import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldOf, pickedIn, snoozes } from './snooze.ts'
import { instantOf, momentIn, wallAt } from './zone.ts'

const inZone = (zone: string, now: string) =>
  Object.fromEntries(snoozes(new Date(now), zone).map(({ name, until }) => [name, until.toISOString()]))

test('this evening and tomorrow follow the person, not the machine', () => {
  assert.deepEqual(inZone('Asia/Tokyo', '2026-05-04T01:00:00Z'), {
    'in an hour': '2026-05-04T02:00:00.000Z',
    'this evening': '2026-05-04T10:00:00.000Z',
    tomorrow: '2026-05-05T00:00:00.000Z',
  })
  assert.equal(inZone('America/New_York', '2026-05-04T01:00:00Z')['this evening'], undefined)
})

test('the evening is no longer offered when it has come', () => {
  assert.equal(inZone('Europe/Berlin', '2026-05-04T16:00:00Z')['this evening'], undefined)
  assert.ok(inZone('Europe/Berlin', '2026-05-04T15:59:00Z')['this evening'])
})

test('tomorrow at nine holds across both clock changes, a month and a year', () => {
  assert.equal(inZone('Europe/Berlin', '2026-03-28T12:00:00Z').tomorrow, '2026-03-29T07:00:00.000Z')
  assert.equal(inZone('Europe/Berlin', '2026-10-24T12:00:00Z').tomorrow, '2026-10-25T08:00:00.000Z')
  assert.equal(inZone('America/Sao_Paulo', '2026-12-31T15:00:00Z').tomorrow, '2027-01-01T12:00:00.000Z')
  assert.equal(inZone('Australia/Lord_Howe', '2026-10-03T02:00:00Z').tomorrow, '2026-10-03T22:00:00.000Z')
})

test('a picked time means the wall clock of the zone; the past and nonsense are refused', () => {
  const now = new Date('2026-05-04T10:00:00Z')
  assert.equal(pickedIn('Asia/Kolkata', '2026-05-04T18:30', now)?.toISOString(), '2026-05-04T13:00:00.000Z')
  assert.equal(pickedIn('Asia/Kolkata', '2026-05-04T15:00', now), null)
  assert.equal(pickedIn('Asia/Kolkata', '', now), null)
  assert.equal(
    pickedIn('Asia/Kolkata', fieldOf(new Date('2026-06-01T00:07:00Z'), 'Asia/Kolkata'), now)?.getTime(),
    Date.UTC(2026, 5, 1, 0, 7),
  )
})

test('a time inside the spring gap lands after it, one that happens twice is the first', () => {
  const gap = { year: 2026, month: 3, day: 29, hour: 2, minute: 30 }
  assert.equal(instantOf(gap, 'Europe/Berlin').toISOString(), '2026-03-29T01:30:00.000Z')
  const twice = { year: 2026, month: 10, day: 25, hour: 2, minute: 30 }
  assert.equal(instantOf(twice, 'Europe/Berlin').toISOString(), '2026-10-25T00:30:00.000Z')
})

test('every zone: the wall of an instant is the instant of that wall, all year round', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    for (let month = 0; month < 12; month += 1) {
      const noon = new Date(Date.UTC(2026, month, 15, 12))
      assert.equal(instantOf(wallAt(noon, zone), zone).getTime(), noon.getTime(), zone)
    }
  }
})

test('a moment is said as people say it', () => {
  const now = new Date('2026-11-20T20:00:00Z')
  const said = (instant: string) => momentIn('Europe/Berlin', new Date(instant), now)
  assert.equal(said('2026-11-20T22:30:00Z'), '23:30')
  assert.equal(said('2026-11-20T23:30:00Z'), 'tomorrow at 00:30')
  assert.equal(said('2026-11-24T08:00:00Z'), 'Tue 24 Nov at 09:00')
})
