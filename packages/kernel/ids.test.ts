import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozenClock } from './clock.ts'
import { newId } from './ids.ts'
import { seededRandom, systemRandom } from './random.ts'

test('ids are UUIDv7: well formed and sorted by the moment they were made', () => {
  const clock = frozenClock('2026-03-01T10:00:00Z')
  const made = Array.from({ length: 50 }, () => {
    clock.advance(1)
    return newId({ clock, random: systemRandom })
  })
  for (const id of made)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.deepEqual(made.toSorted(), made)
})

test('seeded chance repeats, and stays within its range', () => {
  const draw = (seed: number) => Array.from({ length: 1_000 }, seededRandom(seed).next)
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
  assert.ok(draw(7).every(value => value >= 0 && value < 1))
})

test('the chance of the system gives nothing out twice, and changes nothing it gave out', () => {
  const drawn = Array.from({ length: 2_000 }, (_, at) => systemRandom.bytes(8 + (at % 40)))
  const heads = new Set(drawn.map(bytes => bytes.subarray(0, 8).toString('hex')))
  assert.equal(heads.size, drawn.length)
  assert.ok(!heads.has('0000000000000000'))
  const draws = Array.from({ length: 2_000 }, systemRandom.next)
  assert.equal(new Set(draws).size, draws.length)
  assert.ok(draws.every(value => value >= 0 && value < 1))
})
