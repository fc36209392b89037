import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@oo/kernel'
import { cards } from '../advice/cards.ts'
import { library } from './library.ts'
import type { Moment, SourceCtx } from './source.ts'
import { sourceOf, sources } from './sources.ts'

// A card is at hand wherever the library is: nothing outside is asked.
const ctx: SourceCtx = {
  integrations: {
    itemOf: () => assert.fail('asked'),
    stateOf: () => assert.fail('asked'),
    busyTimesOf: () => assert.fail('asked'),
  },
}
const at = (instant: string, timeZone = 'UTC'): Moment => ({
  now: new Date(instant),
  timeZone,
  freeMin: null,
  open: { state: 'none', tasks: [] },
})
const midday = at('2026-03-04T12:30:00Z')

async function drawn(seed: number, moment = midday) {
  const { candidates } = await library.gather(ctx, 'somebody', moment)
  return library.order(candidates, seededRandom(seed).next).slice(0, library.places)
}

test('every theme that fits is among the drawn, and each of its cards as often as any other', async t => {
  const { candidates } = await library.gather(ctx, 'somebody', midday)
  const themes = new Set(candidates.map(({ theme }) => theme))
  const rounds = 4_000
  const counts = new Map<string, number>(candidates.map(({ id }) => [id, 0]))
  for (let seed = 0; seed < rounds; seed++) {
    const some = await drawn(seed)
    assert.equal(new Set(some.map(({ theme }) => theme)).size, Math.min(themes.size, library.places))
    for (const { id } of some) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  let chiSquare = 0
  let degrees = 0
  for (const theme of themes) {
    const ids = candidates.filter(candidate => candidate.theme === theme).map(({ id }) => id)
    const expected = rounds / ids.length
    for (const id of ids) chiSquare += ((counts.get(id) ?? 0) - expected) ** 2 / expected
    degrees += ids.length - 1
  }
  t.diagnostic(`${candidates.length} cards fit, chi-square ${chiSquare.toFixed(0)} of ${degrees} degrees`)
  // Five standard deviations.
  assert.ok(chiSquare < degrees + 5 * Math.sqrt(2 * degrees))
})

test('the same decision draws the same, and where few themes fit the places are filled all the same', async () => {
  assert.deepEqual(await drawn(7), await drawn(7))
  assert.notDeepEqual(await drawn(7), await drawn(8))
  for (let hour = 0; hour < 24; hour++) {
    const some = await drawn(hour, at(`2026-03-04T${String(hour).padStart(2, '0')}:30:00Z`))
    assert.equal(some.length, library.places, `${hour}:30`)
    assert.equal(new Set(some.map(({ id }) => id)).size, library.places)
  }
})

test('advice is over when the hours it is meant for are, on the clock where the person is', () => {
  const card = cards.find(({ when }) => when?.hours?.[1] === 12 && !when.weekdays)
  assert.ok(card, 'there is a card for the morning')
  const item = { source: 'library', externalId: card.id, expiresAt: midday.now }
  const isOver = (instant: string, timeZone?: string) => library.isOver(ctx, 'p', item, at(instant, timeZone))
  assert.equal(isOver('2026-03-04T11:59:00Z'), false)
  assert.equal(isOver('2026-03-04T12:00:00Z'), true)
  assert.equal(isOver('2026-03-04T12:00:00Z', 'America/New_York'), false)
  assert.equal(isOver('2026-03-04T15:59:00Z', 'America/New_York'), false)
  assert.equal(isOver('2026-03-04T17:00:00Z', 'America/New_York'), true)
})

test('a card that left the library is over and has no words', () => {
  const item = { source: 'library', externalId: 'plan-nothing-of-the-kind', expiresAt: midday.now }
  assert.equal(library.isOver(ctx, 'p', item, midday), true)
  assert.equal(library.wordsOf(ctx, 'p', item), undefined)
})

test('all sources together have as many places as ml takes, and every item has a source', () => {
  assert.ok(sources.reduce((sum, { places }) => sum + places, 0) <= 64)
  assert.equal(sourceOf({ source: 'library' }).kind, 'advice')
  assert.equal(sourceOf({ source: 'todoist' }).kind, 'todo')
})
