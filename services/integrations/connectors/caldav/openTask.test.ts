import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendar, todo } from '@oo/local'
import { readCalendar, writeCalendar } from './calendar.ts'
import { readTask } from './openTask.ts'
import { openZones } from './zones.ts'

const berlin = openZones('Europe/Berlin')

function read(text: string, zones = berlin) {
  const read = readCalendar(text)
  return read && readTask(read, { zones, file: 'x.ics' })
}
const taskOf = (...lines: string[]) => read(todo('x', 'SUMMARY:Call', ...lines))
const attributesOf = (...lines: string[]) => taskOf(...lines)?.attributes
const dueOf = (...lines: string[]) => attributesOf(...lines)?.due

test('a task is mapped to what the engine knows', () => {
  const lines = [
    'CREATED:20260501T080000Z',
    'PRIORITY:1',
    'DTSTART;VALUE=DATE:20260503',
    'DUE;VALUE=DATE:20260504',
    'STATUS:IN-PROCESS',
    'ESTIMATED-DURATION:PT1H30M',
    'RRULE:FREQ=DAILY',
  ]
  assert.deepEqual(taskOf(...lines), {
    source: 'caldav',
    externalId: 'x',
    text: 'Call',
    url: null,
    attributes: {
      priority: 4,
      due: { date: '2026-05-04', time: null },
      createdAt: '2026-05-01T08:00:00.000Z',
      effortMin: 90,
      recurring: true,
    },
    start: { date: '2026-05-03', time: null },
  })
})

test('high, medium, low and none, as clients with three grades write them', () => {
  const grades = [0, 1, 4, 5, 6, 9, 10].map(n => attributesOf(`PRIORITY:${n}`)?.priority)
  assert.deepEqual(grades, [1, 4, 4, 3, 2, 2, 1])
  assert.equal(attributesOf()?.priority, 1)
  assert.equal(attributesOf('PRIORITY:high')?.priority, 1)
})

test('a zone by its name, by a program’s own path to it, by what the calendar says of it, or the person’s own', () => {
  const at = (zone: string) => dueOf(`DUE;TZID=${zone}:20260504T200000`)?.time
  assert.equal(at('America/New_York'), '2026-05-05T00:00:00.000Z')
  assert.equal(at('/freeassociation.sourceforge.net/America/New_York'), '2026-05-05T00:00:00.000Z')
  assert.equal(at('No/Such_Zone'), '2026-05-04T18:00:00.000Z')
  assert.equal(at('"Eastern Standard Time (their own)"'), '2026-05-04T18:00:00.000Z')
})

const theirs = (due: string) =>
  read(
    calendar(
      'BEGIN:VTIMEZONE',
      'TZID:Their zone',
      'BEGIN:STANDARD',
      'DTSTART:16010101T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
      'BEGIN:VTODO',
      'UID:x',
      'SUMMARY:Call',
      `DUE;TZID=Their zone:${due}`,
      'END:VTODO',
    ),
    openZones('Asia/Tokyo'),
  )?.attributes.due?.time

test('a zone that only the calendar knows changes its clock on the day it says', () => {
  assert.equal(theirs('20260115T120000'), '2026-01-15T11:00:00.000Z')
  assert.equal(theirs('20260328T120000'), '2026-03-28T11:00:00.000Z')
  assert.equal(theirs('20260329T015900'), '2026-03-29T00:59:00.000Z')
  assert.equal(theirs('20260329T030000'), '2026-03-29T01:00:00.000Z')
  assert.equal(theirs('20260701T120000'), '2026-07-01T10:00:00.000Z')
  assert.equal(theirs('20261025T040000'), '2026-10-25T03:00:00.000Z')
  assert.equal(theirs('20991231T120000'), '2099-12-31T11:00:00.000Z')
})

test('without a due date, a start and a length say when it ends; a length in days is no effort', () => {
  const timed = ['DTSTART:20260504T080000Z', 'DURATION:PT45M']
  assert.equal(dueOf(...timed)?.time, '2026-05-04T08:45:00.000Z')
  assert.equal(attributesOf(...timed)?.effortMin, 45)
  const days = ['DTSTART;VALUE=DATE:20260504', 'DURATION:P3D']
  assert.deepEqual(dueOf(...days), { date: '2026-05-06', time: null })
  assert.equal(attributesOf(...days)?.effortMin, null)
  assert.equal(dueOf('DTSTART:20260504T080000Z'), null)
})

test('what is not this person’s to do, or not readable, is left out; what is odd about it is not believed', () => {
  for (const lines of [
    ['STATUS:COMPLETED'],
    ['STATUS:cancelled'],
    ['COMPLETED:20260101T000000Z'],
    ['PERCENT-COMPLETE:100'],
  ])
    assert.equal(taskOf(...lines), undefined, lines[0])
  assert.equal(read(todo('x', 'SUMMARY: ')), undefined)
  assert.equal(read(todo('', 'SUMMARY:Call')), undefined)
  assert.equal(read(todo('x'.repeat(300), 'SUMMARY:Call')), undefined)
  for (const text of ['', 'no calendar', 'BEGIN:VCALENDAR', 'BEGIN:VCALENDAR\r\n'.repeat(5_000)])
    assert.equal(read(text), undefined)
  for (const due of [
    'DUE:20261399T000000Z',
    'DUE;VALUE=DATE:20260231',
    'DUE:tomorrow',
    'DUE:20260504T990000',
  ])
    assert.equal(dueOf(due), null, due)
  assert.deepEqual(dueOf('DUE:20260504'), { date: '2026-05-04', time: null })
})

test('of a recurring task with changed occurrences the task itself counts', () => {
  const text = calendar(
    ...[
      'BEGIN:VTODO',
      'UID:x',
      'RECURRENCE-ID:20260101T000000Z',
      'SUMMARY:Once',
      'STATUS:COMPLETED',
      'END:VTODO',
    ],
    ...['BEGIN:VTODO', 'UID:x', 'SUMMARY:Always', 'RRULE:FREQ=DAILY', 'END:VTODO'],
  )
  assert.equal(read(text)?.text, 'Always')
})

test('what is read is written again as it was', () => {
  const text = todo(
    'x',
    'SUMMARY;LANGUAGE=de:Grüße\\, Ännchen\\; und\\nmehr',
    'X-OTHER;X-PARAM="a:b,c":raw\\,text;more',
    'ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:VGhlIHF1',
    'GEO:37.386013;-122.082932',
    'RRULE:FREQ=WEEKLY;BYDAY=MO,TH',
    'DUE;TZID=Europe/Berlin:20260504T200000',
    ...['BEGIN:VALARM', 'TRIGGER;RELATED=END:-PT15M', 'ACTION:DISPLAY', 'END:VALARM'],
  )
  const calendarRead = readCalendar(text)
  assert.equal(calendarRead && writeCalendar(calendarRead), text)
})
