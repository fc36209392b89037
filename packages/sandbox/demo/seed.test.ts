import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createZone } from '../calendar.ts'
import { seedAccount } from './seed.ts'

const zone = createZone('Europe/Lisbon')
const at = (now: string, life: 'full' | 'starter' = 'full') =>
  seedAccount({ email: 'demo@example.test', life, now: new Date(now), zone, seed: 'oO' })

test('the same seed and moment give the same life, to the byte', () => {
  const { zone: _one, ...one } = at('2026-03-10T10:00:00Z')
  const { zone: _two, ...two } = at('2026-03-10T10:00:00Z')
  assert.deepEqual(one, two)
})

test('another day keeps the tasks and their ids and moves every date', () => {
  const open = (now: string) => [...at(now).tasks.values()].filter(task => !task.checked)
  const [march, june] = [open('2026-03-10T10:00:00Z'), open('2026-06-10T10:00:00Z')]
  assert.deepEqual(
    march.map(task => task.id),
    june.map(task => task.id),
  )
  assert.equal(march[0]?.due?.date, '2026-03-07')
  assert.equal(june[0]?.due?.date, '2026-06-07')
})

test('a full life has every kind of task, and nothing lies in the future of its history', () => {
  const now = '2026-03-10T10:00:00Z'
  const account = at(now)
  const open = [...account.tasks.values()].filter(task => !task.checked)
  assert.equal(open.length, 23)
  assert.deepEqual([...new Set(open.map(task => task.priority))].sort(), [1, 2, 3, 4])
  const dates = open.map(task => task.due?.date ?? '')
  assert.ok(
    dates.some(date => date && date < '2026-03-10'),
    'overdue',
  )
  assert.ok(dates.includes('2026-03-10'), 'today')
  assert.ok(
    dates.some(date => date.includes('T')),
    'with a time',
  )
  assert.ok(
    dates.some(date => date > '2026-03-11'),
    'upcoming',
  )
  assert.ok(dates.includes(''), 'none')
  assert.ok(
    open.some(task => task.parent_id && account.tasks.has(task.parent_id)),
    'a sub-task',
  )
  assert.ok(open.filter(task => task.due?.is_recurring).length >= 5, 'recurring')
  assert.ok([...account.tasks.values()].every(task => task.content.length <= 120))
  assert.ok(account.activities.every(activity => Date.parse(activity.at) < Date.parse(now)))
  assert.ok(account.activities.every(({ task, at: done }) => Date.parse(task.added_at) < Date.parse(done)))
  assert.ok(account.activities.some(activity => activity.recurring))
})

test('a new person starts with six tasks', () => {
  assert.equal(at('2026-03-10T10:00:00Z', 'starter').tasks.size, 6)
})
