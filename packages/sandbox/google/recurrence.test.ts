import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMonths, createZone, createZones } from '../calendar.ts'
import { wallClock } from './moments.ts'
import { occurrencesOf } from './occurrences.ts'
import { ruleFrom } from './recurrence.ts'

const zones = createZones()
const house = { zones, now: 0, life: '' }

/** When a series begins, on the clock of its zone; `start` is such a time too. */
function starts(
  start: string,
  recurrence: string[],
  zoneName = 'Europe/Berlin',
  until = '2027-06-01',
  from = '2026-01-01',
): string[] {
  const zone = createZone(zoneName)
  const [date = '', clock = '00:00'] = start.split('T')
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  const at = zone.instant(date, hours * 60 + minutes).getTime()
  const moment = { allDay: false, zone: zoneName } as const
  const plan = {
    start: { ...moment, at },
    end: { ...moment, at: at + 1_800_000 },
    rule: ruleFrom(recurrence, zoneName, zones),
  }
  const window = { from: Date.parse(`${from}T00:00:00Z`), to: Date.parse(`${until}T00:00:00Z`) }
  return [...occurrencesOf('x', plan, window, zone, house)].map(({ start: found }) =>
    found.allDay ? found.date : wallClock(found.at, zone).slice(0, 16),
  )
}

test('rules give the days that RFC 5545 gives', () => {
  const cases: [string, string, string[]][] = [
    ['2026-03-02T09:00', 'FREQ=DAILY;INTERVAL=2;COUNT=3', ['2026-03-02', '2026-03-04', '2026-03-06']],
    [
      '2026-03-06T09:00',
      'FREQ=WEEKLY;BYDAY=MO,FR;COUNT=4',
      ['2026-03-06', '2026-03-09', '2026-03-13', '2026-03-16'],
    ],
    [
      '2026-03-03T09:00',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=4',
      ['2026-03-03', '2026-03-08', '2026-03-17', '2026-03-22'],
    ],
    [
      '2026-03-03T09:00',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4',
      ['2026-03-03', '2026-03-15', '2026-03-17', '2026-03-29'],
    ],
    ['2026-01-31T09:00', 'FREQ=MONTHLY;COUNT=3', ['2026-01-31', '2026-03-31', '2026-05-31']],
    [
      '2026-01-05T09:00',
      'FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=4',
      ['2026-01-05', '2026-01-30', '2026-02-02', '2026-02-27'],
    ],
    [
      '2026-01-31T09:00',
      'FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260331T215959Z',
      ['2026-01-31', '2026-02-28', '2026-03-31'],
    ],
    ['2026-01-31T09:00', 'FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260330', ['2026-01-31', '2026-02-28']],
    ['2026-02-28T09:00', 'FREQ=YEARLY', ['2026-02-28', '2027-02-28']],
  ]
  for (const [start, rule, days] of cases) {
    assert.deepEqual(
      starts(start, [`RRULE:${rule}`]),
      days.map(day => `${day}T09:00`),
      rule,
    )
  }
})

test('a time that the clock skips is later that day, one that it shows twice is the first', () => {
  const daily = ['RRULE:FREQ=DAILY;COUNT=3']
  assert.deepEqual(starts('2026-03-28T02:30', daily), [
    '2026-03-28T02:30',
    '2026-03-29T03:30',
    '2026-03-30T02:30',
  ])
  const skipped = starts('2027-03-13T02:30', daily, 'America/New_York')
  assert.deepEqual(skipped, ['2027-03-13T02:30', '2027-03-14T03:30', '2027-03-15T02:30'])
  const twice = (zone: string, date: string, minute: number) =>
    createZone(zone).instant(date, minute).toISOString()
  assert.equal(twice('Europe/Berlin', '2026-10-25', 150), '2026-10-25T00:30:00.000Z')
  assert.equal(twice('America/New_York', '2026-11-01', 90), '2026-11-01T05:30:00.000Z')
})

test('left-out days are left out in their own zone, and count all the same', () => {
  const without = ['RRULE:FREQ=DAILY;COUNT=4', 'EXDATE;TZID=Europe/Berlin:20260329T090000,20260330T090000']
  assert.deepEqual(starts('2026-03-28T09:00', without), ['2026-03-28T09:00', '2026-03-31T09:00'])
  const utc = ['RRULE:FREQ=DAILY;COUNT=2', 'EXDATE:20260329T070000Z']
  assert.deepEqual(starts('2026-03-28T09:00', utc), ['2026-03-28T09:00'])
})

test('what is not known is refused, and no rule runs on without end', () => {
  const wrong = [
    'RRULE:FREQ=HOURLY',
    'RRULE:FREQ=DAILY;COUNT=0',
    'RRULE:FREQ=WEEKLY;BYDAY=2MO',
    'RRULE:FREQ=DAILY;BYSETPOS=1',
    'RDATE:20260101',
    'RRULE:FREQ=DAILY;UNTIL=soon',
  ]
  for (const line of wrong)
    assert.throws(() => ruleFrom([line], 'UTC', zones), { reason: 'badRequest' }, line)
  const began = performance.now()
  assert.deepEqual(
    starts('2026-02-01T09:00', ['RRULE:FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31'], 'UTC', '2099-01-01'),
    [],
  )
  assert.ok(performance.now() - began < 500)
})

test('a window in the middle of a long series shows what the whole series has there', () => {
  const rules = [
    'FREQ=DAILY;INTERVAL=3',
    'FREQ=DAILY;BYDAY=MO,WE',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU',
    'FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SA',
    'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=600',
    'FREQ=MONTHLY;BYDAY=2TU,-1FR',
    'FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31,-1',
    'FREQ=YEARLY',
  ]
  for (const rule of rules) {
    const ask = (from: string, until: string) =>
      starts('2021-02-01T09:00', [`RRULE:${rule}`], 'Europe/Berlin', until, from)
    const days = [...Array(24).keys()].map(month => addMonths('2025-01-01', month))
    const pieces = days.flatMap(day => ask(day, addMonths(day, 1)))
    assert.deepEqual(pieces, ask('2025-01-01', '2027-01-01'), rule)
    assert.deepEqual(
      pieces,
      ask('2021-01-01', '2027-01-01').filter(text => text >= '2025'),
      rule,
    )
  }
})
