import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@oo/kernel'
import { pastStatements } from './pastStatements.ts'

const hours = (many: number, hourOf: (n: number) => number) =>
  Array.from({ length: many }, (_, n) => ({ weekday: (n % 7) + 1, hour: hourOf(n), times: 1 }))
const sentences = (done: { weekday: number; hour: number; times: number }[]) =>
  pastStatements({ name: 'Todoist', isPartial: false, done }).statements

test('the hours in which more than usual was done are told with how sure they are', () => {
  const [told, ...others] = sentences(hours(200, n => (n % 2 === 0 ? 9 + ((n / 2) % 2) : n % 24)))
  assert.equal(told?.sentence, 'From your Todoist history: more than usual is done between 9 and 11')
  assert.ok(told && told.certainty > 0.99 && told.certainty <= 1)
  assert.deepEqual(others, [], 'every day is like the others')
})

test('where only a part of it could be read, that is said', () => {
  const done = hours(200, () => 9)
  const [told] = pastStatements({ name: 'Todoist', isPartial: true, done }).statements
  assert.match(told?.sentence ?? '', /^From the part of your Todoist history that oO could read: more/)
})

test('a day that holds more than its share is told, and midnight is in a window like any other hour', () => {
  const onSundays = hours(300, n => (n % 2 === 0 ? 23 : 0)).map(one => ({ ...one, weekday: 7 }))
  assert.deepEqual(
    sentences(onSundays).map(({ sentence }) => sentence),
    [
      'From your Todoist history: more than usual is done between 23 and 1',
      'From your Todoist history: more than usual is done on Sundays',
    ],
  )
})

test('little, nothing, and what chance alone does are not told', () => {
  assert.deepEqual(sentences([]), [])
  assert.deepEqual(sentences(hours(29, () => 9)), [])
  const random = seededRandom(3)
  let told = 0
  for (let times = 0; times < 300; times++)
    told += sentences(hours(500, () => Math.floor(random.next() * 24))).length
  assert.ok(told <= 30, `${told} of 600 said of nothing but chance`)
})
