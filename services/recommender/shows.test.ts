import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closePool, newId, openPool, silentLog, systemClock, systemRandom, transaction } from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import { cards } from './advice/cards.ts'
import { countShows } from './shows.ts'
import { countShown, everyItemOf } from './store/items.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
after(async () => {
  await closePool(db)
  await database.drop()
})

const dayMs = 86_400_000
const start = new Date('2026-03-01T08:00:00Z')
const later = (days: number) => new Date(start.getTime() + days * dayMs)
const themed = (theme: string) => cards.find(card => card.theme === theme)?.id ?? assert.fail(theme)

test('what counts of a show is halved every day, by kind and theme, whatever order devices report in', async () => {
  const personId = newId({ clock: systemClock, random: systemRandom })
  const [plan, rest] = [themed('plan'), themed('rest')]
  const shows: [source: string, externalId: string, day: number][] = [
    ['todoist', '1', 0],
    ['todoist', '1', 1],
    ['todoist', '2', 2],
    ['library', plan, 0],
    ['library', plan, 3],
    ['library', rest, 3.5],
    // A device that was offline.
    ['library', rest, 1],
  ]
  for (const [source, externalId, day] of shows)
    await transaction(db, tx => countShown(tx, { personId, source, externalId }, later(day)))

  const now = later(4)
  const expected = (wanted: (source: string, id: string) => boolean) =>
    shows.reduce((sum, [source, id, day]) => sum + (wanted(source, id) ? 2 ** -(4 - day) : 0), 0)
  const counted = countShows(await everyItemOf(db, personId), now)
  const near = (value: number, wanted: number) =>
    assert.ok(Math.abs(value - wanted) < 1e-5, `${value} ${wanted}`)
  near(
    counted.of({ kind: 'todo', theme: null }),
    expected(source => source === 'todoist'),
  )
  near(
    counted.of({ kind: 'advice', theme: 'plan' }),
    expected((_, id) => id === plan),
  )
  near(
    counted.of({ kind: 'advice', theme: 'rest' }),
    expected((_, id) => id === rest),
  )
  near(
    counted.dosage,
    expected(() => true),
  )
  assert.equal(counted.of({ kind: 'advice', theme: 'move' }), 0)
})

test('a count of years ago is nothing, not an error', async () => {
  const personId = newId({ clock: systemClock, random: systemRandom })
  const key = { personId, source: 'todoist', externalId: '1' }
  for (const day of [0, 2_000]) await transaction(db, tx => countShown(tx, key, later(day)))
  assert.ok(countShows(await everyItemOf(db, personId), later(2_000)).dosage - 1 < 1e-6)
})
