import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenTask } from '@oo/integrations'
import { momentOf } from './moment.ts'

const task = (due: OpenTask['attributes']['due']): OpenTask => ({
  source: 'todoist',
  externalId: String(Math.random()),
  text: 'Anything',
  url: null,
  attributes: { priority: 1, due, createdAt: null, effortMin: null, recurring: false },
})

const none = { state: 'none', tasks: [] } as const

test('hour and weekday are those of the person’s own clock, in every zone and across its changes', () => {
  // An independent way to the wall: the zone's offset as text, added to the instant.
  const wall = (now: Date, timeZone: string): Date => {
    const text = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).format(now)
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? []
    const offsetMin = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes))
    return new Date(now.getTime() + offsetMin * 60_000)
  }
  const instants = [
    '2026-01-01T00:30:00Z',
    '2026-03-29T01:10:00Z',
    '2026-07-05T12:59:59Z',
    '2026-10-25T00:40:00Z',
  ]
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    for (const instant of instants) {
      const now = new Date(instant)
      const { hour, weekday } = momentOf({ now, timeZone, open: none, freeMin: null })
      const shown = wall(now, timeZone)
      assert.equal(hour, shown.getUTCHours(), `${timeZone} ${instant}`)
      assert.equal(weekday, shown.getUTCDay() || 7, `${timeZone} ${instant}`)
    }
  }
})

test('tasks are counted where they are known: late by hour or day, due today in the person’s calendar', () => {
  const tasks = [
    task(null),
    task({ date: '2026-03-27', time: null }),
    task({ date: '2026-03-28', time: null }),
    task({ date: '2026-03-28', time: '2026-03-29T03:00:00Z' }),
    task({ date: '2026-03-29', time: null }),
  ]
  // 23:30 on the 28th in New York.
  const known = { now: new Date('2026-03-29T03:30:00Z'), timeZone: 'America/New_York', freeMin: 25 }
  const moment = momentOf({ ...known, open: { state: 'connected', tasks } })
  assert.deepEqual(moment, { hour: 23, weekday: 6, openTasks: 5, overdue: 2, dueToday: 2, freeMin: 25 })
})

test('nothing connected, or a source that does not answer, is unknown and not zero', () => {
  for (const state of ['none', 'away', 'reconnect'] as const) {
    const open = { state, tasks: state === 'away' ? [task(null)] : [] }
    const { openTasks, overdue, dueToday } = momentOf({
      now: new Date(),
      timeZone: 'UTC',
      open,
      freeMin: null,
    })
    assert.deepEqual([openTasks, overdue, dueToday], [null, null, null], state)
  }
  const { openTasks } = momentOf({
    now: new Date(),
    timeZone: 'UTC',
    open: { state: 'connected', tasks: [] },
    freeMin: null,
  })
  assert.equal(openTasks, 0)
})
