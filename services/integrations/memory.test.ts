import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozenClock } from '@oo/kernel'
import type { OpenTask } from './door.ts'
import { openMemory } from './memory.ts'

const task = (externalId: string, text = `task ${externalId}`): OpenTask => ({
  source: 'todoist',
  externalId,
  text,
  url: null,
  attributes: { priority: 1, due: null, createdAt: null, effortMin: null, recurring: false },
})

function shelved(tasks: OpenTask[]) {
  const clock = frozenClock('2026-05-04T10:00:00Z')
  const memory = openMemory(clock)
  const keep = (kept: OpenTask[], startedAtMs = clock.now().getTime()) =>
    memory.keep('ada', { source: 'todoist', grantId: 'g', timeZone: 'UTC', tasks: kept, startedAtMs })
  const ids = () => memory.read('ada', 'todoist')?.tasks.map(open => open.externalId)
  keep(tasks)
  return { clock, memory, keep, ids }
}

test('tasks are fresh for 30 s and gone after 10 idle minutes', () => {
  const { clock, memory } = shelved([task('1')])
  clock.advance(29_999)
  assert.equal(memory.read('ada', 'todoist')?.isFresh, true)
  clock.advance(1)
  assert.equal(memory.read('ada', 'todoist')?.isFresh, false)
  clock.advance(599_000)
  assert.ok(memory.read('ada', 'todoist'))
  clock.advance(600_001)
  assert.equal(memory.read('ada', 'todoist'), undefined)
})

test('text leaves memory by itself, without anybody asking', () => {
  const { clock, memory } = shelved([task('1')])
  clock.advance(600_001)
  memory.dropIdle()
  assert.equal(memory.count(), 0)
})

test('what a look takes of the last reading keeps it no longer, and no other grant gets it', () => {
  const { clock, memory } = shelved([])
  const known = { bytes: 10 }
  memory.keep('ada', { source: 'todoist', grantId: 'g', timeZone: 'UTC', tasks: [], known, startedAtMs: 0 })
  const of = (id: string) => memory.knownOf({ id, personId: 'ada', provider: 'todoist' })
  clock.advance(599_999)
  assert.equal(of('g'), known)
  assert.equal(of('another'), undefined)
  clock.advance(2)
  assert.equal(of('g'), undefined)
  assert.equal(memory.read('ada', 'todoist'), undefined)
})

test('looking at it does not keep text for more than 30 minutes', () => {
  const { clock, memory } = shelved([task('1')])
  for (let minute = 0; minute < 30; minute += 1) {
    clock.advance(60_000)
    assert.ok(memory.read('ada', 'todoist'))
  }
  clock.advance(1)
  assert.equal(memory.read('ada', 'todoist'), undefined)
})

test('what was completed is gone at once, also when a read that began before it lands later', () => {
  const { clock, memory, keep, ids } = shelved([task('1'), task('2')])
  const begunBefore = clock.now().getTime()
  clock.advance(10)
  memory.completed('ada', 'todoist', '1')
  assert.deepEqual(ids(), ['2'])
  assert.equal(memory.read('ada', 'todoist')?.find('1')?.text, 'task 1')
  keep([task('1'), task('2')], begunBefore)
  assert.deepEqual(ids(), ['2'])
  assert.equal(memory.read('ada', 'todoist')?.isFresh, false)
  clock.advance(10)
  keep([task('1', 'next week again'), task('2')])
  assert.deepEqual(ids(), ['1', '2'], 'a recurring task is back at its next date')
})

test('what was reopened is back at once', () => {
  const { memory, ids } = shelved([task('1'), task('2')])
  memory.completed('ada', 'todoist', '1')
  memory.reopened('ada', 'todoist', '1')
  assert.deepEqual(ids(), ['2', '1'])
})

test('memory is bounded by bytes: the one who was away longest goes first', () => {
  const clock = frozenClock('2026-05-04T10:00:00Z')
  const memory = openMemory(clock)
  const long = Array.from({ length: 2_000 }, (_, n) => task(String(n), 'x'.repeat(500)))
  for (let person = 0; person < 40; person += 1)
    memory.keep(`p${person}`, {
      source: 'todoist',
      grantId: 'g',
      timeZone: 'UTC',
      tasks: long,
      startedAtMs: 0,
    })
  assert.ok(memory.count() < 25, `${memory.count()} people`)
  assert.equal(memory.read('p0', 'todoist'), undefined)
  assert.ok(memory.read('p39', 'todoist'))
})
