import assert from 'node:assert/strict'
import { test } from 'node:test'
import { todo } from '@oo/local'
import { isTrouble } from '../connector.ts'
import { propertyOf, readCalendar, textOf, todoOf } from './calendar.ts'
import { complete } from './change.ts'

/** What a completion makes of a task: the day it is due next, or that it is done. */
function next(rule: string, { start, more = [] }: { start: string; more?: string[] }): string | undefined {
  const value = start.includes('T') ? `:${start}` : `;VALUE=DATE:${start}`
  const calendar = readCalendar(todo('x', 'SUMMARY:x', `DUE${value}`, `RRULE:${rule}`, ...more))
  const read = calendar && todoOf(calendar)
  assert.ok(read)
  assert.equal(complete(read, { actId: 'a', at: new Date('2026-05-04T10:00:00Z') }), true)
  if (textOf(read, 'status') === 'COMPLETED') return 'done'
  const due = propertyOf(read, 'due')?.[3]
  return typeof due === 'string' ? due : undefined
}

const cases: [rule: string, start: string, next: string][] = [
  ['FREQ=DAILY', '20261231', '2027-01-01'],
  ['FREQ=DAILY;INTERVAL=3', '20260504', '2026-05-07'],
  ['FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR', '20260508', '2026-05-11'],
  ['FREQ=DAILY;BYMONTH=1', '20260131', '2027-01-01'],
  ['FREQ=WEEKLY', '20260504', '2026-05-11'],
  ['FREQ=WEEKLY;BYDAY=MO,TH', '20260504', '2026-05-07'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH', '20260507', '2026-05-18'],
  // RFC 5545's own example: the week's first day decides which week is the second one.
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO', '19970805', '1997-08-10'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU', '19970805', '1997-08-17'],
  ['FREQ=MONTHLY', '20260131', '2026-03-31'],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', '20260131', '2026-02-28'],
  ['FREQ=MONTHLY;BYDAY=2TU', '20260512', '2026-06-09'],
  ['FREQ=MONTHLY;BYDAY=-1FR', '20260529', '2026-06-26'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '20260430', '2026-05-29'],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '20260313', '2026-11-13'],
  ['FREQ=YEARLY', '20240229', '2028-02-29'],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', '20260329', '2027-03-28'],
  ['FREQ=YEARLY;BYDAY=20MO', '20260518', '2027-05-17'],
  ['FREQ=YEARLY;BYYEARDAY=1,100,200', '20260101', '2026-04-10'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '20260511', '2027-05-17'],
  ['FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', '20241105', '2028-11-07'],
  ['FREQ=WEEKLY', '20260504T090000', '2026-05-11T09:00:00'],
  ['FREQ=DAILY;UNTIL=20260505', '20260504', '2026-05-05'],
  ['FREQ=DAILY;UNTIL=20260505T080000Z', '20260504T090000Z', 'done'],
  ['FREQ=DAILY;UNTIL=20260504', '20260504', 'done'],
  ['FREQ=DAILY;COUNT=1', '20260504', 'done'],
  ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', '20260504', 'done'],
  ['FREQ=DAILY;BYDAY=SA;INTERVAL=7', '20260504', 'done'],
]

test('the next time of every rule that speaks of days', () => {
  for (const [rule, start, expected] of cases)
    assert.equal(next(rule, { start }), expected, `${rule} from ${start}`)
})

test('an exception is skipped, and start and due date keep their distance', () => {
  const more = ['EXDATE;VALUE=DATE:20260505,20260506']
  assert.equal(next('FREQ=DAILY', { start: '20260504', more }), '2026-05-07')
  assert.equal(
    next('FREQ=WEEKLY', { start: '20260506', more: ['DTSTART;VALUE=DATE:20260504'] }),
    '2026-05-13',
  )
})

test('a rule that is not computed changes nothing: what should go on is not ended', () => {
  for (const rule of ['FREQ=HOURLY', 'FREQ=DAILY;BYHOUR=9,17'])
    assert.throws(
      () => next(rule, { start: '20260504T090000' }),
      (error: unknown) => isTrouble(error, 'garbage'),
    )
})

test('a rule that hardly ever falls costs little', () => {
  const began = performance.now()
  const rule = 'FREQ=YEARLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366'
  assert.equal(next(rule, { start: '20260504' }), '2032-12-31')
  assert.ok(performance.now() - began < 2_000)
})
