import assert from 'node:assert/strict'
import { test } from 'node:test'
import { armOf, placeOf } from './assignment.ts'

const people = Array.from({ length: 20_000 }, (_, at) => `person-${at}`)
const [one, other] = ['0199b2a0-0000-7000-8000-000000000001', '0199b2a0-0000-7000-8000-000000000002']

test('a person keeps their place, on every machine and in every version', () => {
  const places = people.slice(0, 3).map(person => placeOf(one, person).toFixed(9))
  assert.deepEqual(places, ['0.233304019', '0.848729481', '0.825305520'])
})

test('places are as if drawn at random: even over the line, and unlike those of another experiment', () => {
  const bins = 50
  const chi = (counts: readonly number[], expected: number) =>
    counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const line = new Array<number>(bins).fill(0)
  const both = new Array<number>(16).fill(0)
  for (const person of people) {
    const [a, b] = [placeOf(one, person), placeOf(other, person)]
    line[Math.floor(a * bins)] = (line[Math.floor(a * bins)] ?? 0) + 1
    const cell = Math.floor(a * 4) * 4 + Math.floor(b * 4)
    both[cell] = (both[cell] ?? 0) + 1
  }
  // 99.9 % of chi-square with 49 and 15 degrees.
  assert.ok(chi(line, people.length / bins) < 85.4)
  assert.ok(chi(both, people.length / 16) < 37.7)
})

test('who is among 5 % is among 20 %, and the shares are those that were said', () => {
  const inNew = (share: number) => people.filter(person => armOf(one, person, share) === 'new')
  const [few, more] = [inNew(0.05), new Set(inNew(0.2))]
  assert.ok(few.every(person => more.has(person)))
  assert.ok(Math.abs(few.length - 1_000) < 100 && Math.abs(more.size - 4_000) < 190)
  assert.deepEqual([inNew(0).length, inNew(1).length], [0, people.length])
})
