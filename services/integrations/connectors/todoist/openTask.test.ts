import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '@doist/todoist-sdk'
import { openWallClock } from '../wallClock.ts'
import { itemOf, openTaskOf } from './openTask.ts'

const berlin = openWallClock('Europe/Berlin')
const base: Task = {
  id: '6Xabc',
  userId: 'me',
  projectId: 'p',
  sectionId: null,
  parentId: null,
  addedByUid: 'me',
  assignedByUid: null,
  responsibleUid: null,
  labels: [],
  deadline: null,
  duration: null,
  checked: false,
  isDeleted: false,
  addedAt: new Date('2026-05-01T08:00:00Z'),
  completedAt: null,
  updatedAt: null,
  due: null,
  priority: 4,
  childOrder: 0,
  content: 'Call the dentist',
  description: '',
  dayOrder: -1,
  isCollapsed: false,
  isUncompletable: false,
  url: 'https://app.todoist.com/app/task/call-the-dentist-6Xabc',
}
const read = (task: Task, clock = berlin) => {
  const item = itemOf(task, 'me')
  return item && openTaskOf(item, clock)
}
const due = (date: string, more: Partial<NonNullable<Task['due']>> = {}) => ({
  ...base,
  due: { isRecurring: false, string: date, date, ...more },
})
const dueIn = (task: Task) => read(task)?.attributes.due

test('a task is mapped to what the engine knows, with a link that carries no words', () => {
  assert.deepEqual(read({ ...base, duration: { amount: 25, unit: 'minute' } }), {
    source: 'todoist',
    externalId: '6Xabc',
    text: 'Call the dentist',
    url: 'https://app.todoist.com/app/task/6Xabc',
    attributes: {
      priority: 4,
      due: null,
      createdAt: '2026-05-01T08:00:00.000Z',
      effortMin: 25,
      recurring: false,
    },
  })
})

test('a day never shifts; a fixed time is an instant; a floating time is read on the person’s clock', () => {
  assert.deepEqual(dueIn(due('2026-05-04')), { date: '2026-05-04', time: null })
  const fixed = due('2026-05-04T22:30:00Z', { timezone: 'America/New_York' })
  assert.deepEqual(dueIn(fixed), { date: '2026-05-05', time: '2026-05-04T22:30:00.000Z' })
  const floating = due('2026-05-04T00:30:00')
  assert.deepEqual(dueIn(floating), { date: '2026-05-04', time: '2026-05-03T22:30:00.000Z' })
  const elsewhere = due('2026-05-04T20:00:00.000000', { timezone: 'America/New_York' })
  assert.deepEqual(dueIn(elsewhere), { date: '2026-05-05', time: '2026-05-05T00:00:00.000Z' })
  assert.equal(dueIn(due('someday')), null)
  assert.equal(dueIn(due('2026-13-44T99:99:99Z')), null)
  assert.deepEqual(dueIn({ ...base, deadline: { date: '2026-05-09', lang: 'en' } }), {
    date: '2026-05-09',
    time: null,
  })
})

test('a day is the same day in every zone there is', () => {
  for (const zone of [...Intl.supportedValuesOf('timeZone'), 'Pacific/Kiritimati', 'Etc/GMT+12']) {
    const clock = openWallClock(zone)
    for (const date of ['2026-01-01', '2026-03-29', '2026-10-25', '2028-02-29']) {
      assert.deepEqual(read(due(date), clock)?.attributes.due, { date, time: null }, zone)
      const deadline = { ...base, deadline: { date, lang: 'en' } }
      assert.deepEqual(read(deadline, clock)?.attributes.due, { date, time: null }, zone)
      const noon = read(due(`${date}T12:00:00`), clock)?.attributes.due
      assert.equal(noon?.date, date, zone)
      assert.equal(clock.dayOf(new Date(noon?.time ?? '')), date, zone)
    }
  }
})

test('a label that names a length is the effort where no duration is given', () => {
  const effortOf = (labels: string[], duration: Task['duration'] = null) =>
    read({ ...base, labels, duration })?.attributes.effortMin
  assert.deepEqual(
    [['15min'], ['home', '1h'], ['90 minutes'], ['5M'], ['quick'], ['0min'], ['2min later'], []].map(labels =>
      effortOf(labels),
    ),
    [15, 60, 90, 5, null, null, null, null],
  )
  assert.equal(effortOf(['15min'], { amount: 45, unit: 'minute' }), 45)
})

test('what is not this person’s to do is left out; sub-tasks are in', () => {
  const others = [
    { ...base, responsibleUid: 'someone' },
    { ...base, checked: true },
    { ...base, isDeleted: true },
    { ...base, isUncompletable: true },
    { ...base, content: ' [](https://example.test) ' },
  ]
  for (const task of others) assert.equal(read(task), undefined)
  assert.ok(read({ ...base, parentId: 'x' }))
  assert.ok(read({ ...base, responsibleUid: 'me' }))
})
