import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createZone, createZones, weekdayOf } from '../calendar.ts'
import { primaryOf } from '../google/account.ts'
import { isBusy } from '../google/events.ts'
import { wallClock } from '../google/moments.ts'
import { allRows } from '../google/rows.ts'
import { seedCalendar } from './seed-calendar.ts'

const zones = createZones()

function at(now: string, zoneName = 'Europe/Berlin', life: 'full' | 'starter' = 'full') {
  const zone = createZone(zoneName)
  const account = seedCalendar({ email: 'demo@example.test', life, now: new Date(now), zone, zones })
  return { account, zone, own: primaryOf(account) }
}

const plain = (account: ReturnType<typeof at>['account']) =>
  [...account.calendars.values()].map(({ zone: _zone, ...calendar }) => calendar)

test('the same moment gives the same calendars, to the byte; another day keeps the ids of what recurs or not', () => {
  const one = at('2026-03-10T10:00:00Z').account
  assert.deepEqual(plain(one), plain(at('2026-03-10T10:00:00Z').account))
  const ids = (now: string) => [...(at(now).own?.events.keys() ?? [])].filter(id => !id.includes('_'))
  assert.deepEqual(ids('2026-03-10T10:00:00Z'), ids('2026-06-11T10:00:00Z'))
})

test('meetings are at the hours and on the days of work, on either side of every clock change of a year', () => {
  for (const zoneName of ['Europe/Berlin', 'America/New_York', 'Pacific/Auckland']) {
    const { own, zone } = at('2026-03-10T10:00:00Z', zoneName)
    assert.ok(own)
    const window = { from: Date.parse('2026-03-11T00:00:00Z'), to: Date.parse('2027-03-11T00:00:00Z') }
    const house = { zones, now: Date.parse('2026-03-10T10:00:00Z'), life: '' }
    const rows = allRows(own, { window, singleEvents: true, showDeleted: false, keep: isBusy }, house)
    const standUps = rows.filter(({ event }) => event.summary === 'Stand-up')
    assert.ok(standUps.length > 255, zoneName)
    const shown = standUps.map(({ at: start }) => wallClock(start, zone))
    assert.deepEqual(new Set(shown.map(text => text.slice(11))), new Set(['09:15:00', '11:00:00']))
    assert.ok(shown.every(text => ![0, 6].includes(weekdayOf(text.slice(0, 10)))))
  }
})

test('a weekend has no meeting, today has one on a working day, and a new person has three events', () => {
  const starts = (now: string) =>
    [...(at(now).own?.events.values() ?? [])].find(event => event.summary === 'Design review')?.start
  assert.deepEqual(starts('2026-03-10T10:00:00Z'), {
    allDay: false,
    at: Date.parse('2026-03-10T14:30:00Z'),
    zone: 'Europe/Berlin',
  })
  assert.deepEqual(starts('2026-03-14T10:00:00Z'), {
    allDay: false,
    at: Date.parse('2026-03-16T14:30:00Z'),
    zone: 'Europe/Berlin',
  })
  for (let day = 9; day < 16; day += 1) {
    const { own, zone } = at(`2026-03-${String(day).padStart(2, '0')}T10:00:00Z`)
    for (const event of own?.events.values() ?? []) {
      if (!['Dentist', 'Customer visit', 'Workshop'].includes(event.summary) || event.start.allDay) continue
      assert.ok(
        ![0, 6].includes(weekdayOf(wallClock(event.start.at, zone).slice(0, 10))),
        `${event.summary} ${day}`,
      )
    }
  }
  assert.equal(at('2026-03-10T10:00:00Z', 'Europe/Berlin', 'starter').own?.events.size, 3)
})
