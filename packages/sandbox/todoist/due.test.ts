import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dueFromWords, nextDue } from './due.ts'

const friday = '2026-11-20'

test('words become the date that Todoist would show', () => {
  const cases: [string, string | null | undefined][] = [
    ['today', friday],
    ['Tomorrow', '2026-11-21'],
    ['tomorrow at 9:05', '2026-11-21T09:05:00'],
    ['at 23:00', '2026-11-20T23:00:00'],
    ['in 3 days', '2026-11-23'],
    ['monday', '2026-11-23'],
    ['friday', '2026-11-27'],
    ['2026-12-24', '2026-12-24'],
    ['every day', friday],
    ['every weekday at 07:30', '2026-11-20T07:30:00'],
    ['every monday and thursday', '2026-11-23'],
    ['no date', null],
    ['when pigs fly', undefined],
    ['2026-02-30', undefined],
    ['every blue moon', undefined],
    ['tomorrow at 25:00', undefined],
  ]
  for (const [words, date] of cases) {
    const due = dueFromWords(words, friday)
    assert.equal(due ? due.date : due, date, words)
  }
})

test('a done occurrence goes to the next one after today, also from long ago, and keeps its time', () => {
  const after = (words: string, date: string) =>
    nextDue({ date, timezone: null, string: words, lang: 'en', is_recurring: true }, friday).date
  assert.equal(after('every day', friday), '2026-11-21')
  assert.equal(after('every day', '2026-01-01'), '2026-11-21')
  assert.equal(after('every weekday at 17:30', '2026-11-20T17:30:00'), '2026-11-23T17:30:00')
  assert.equal(after('every 3 days', '2026-11-19'), '2026-11-22')
  assert.equal(after('every other week', '2026-11-16'), '2026-11-30')
  assert.equal(after('every month', '2026-01-31'), '2026-11-30')
  assert.equal(after('every sunday', '2026-11-22'), '2026-11-29')
})
