import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '@doist/todoist-sdk'
import { openWallClock } from '../wallClock.ts'
import { openTaskOf } from './openTask.ts'

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
const due = (date: string, more: Partial<NonNullable<Task['due']>> = {}) => ({
  ...base,
  due: { isRecurring: false, string: date, date, ...more },
})
const dueIn = (task: Task) => openTaskOf(task, 'me', berlin)?.attributes.due

test('a task is mapped to what the engine knows, with a link that carries no words', () => {
  assert.deepEqual(openTaskOf({ ...base, duration: { amount: 25, unit: 'minute' } }, 'me', berlin), {
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

test('what is not this person’s to do is left out; sub-tasks are in', () => {
  const others = [
    { ...base, responsibleUid: 'someone' },
    { ...base, checked: true },
    { ...base, isDeleted: true },
    { ...base, isUncompletable: true },
    { ...base, content: ' [](https://example.test) ' },
  ]
  for (const task of others) assert.equal(openTaskOf(task, 'me', berlin), undefined)
  assert.ok(openTaskOf({ ...base, parentId: 'x' }, 'me', berlin))
  assert.ok(openTaskOf({ ...base, responsibleUid: 'me' }, 'me', berlin))
})
