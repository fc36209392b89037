import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Card, type Conditions, themes, type Weekday } from './card.ts'
import { cards } from './cards.ts'
import { fitting, type Moment } from './fitting.ts'

const weekdays: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]
const hours = Array.from({ length: 24 }, (_, hour) => hour)

const moment = (known: Partial<Moment> = {}): Moment => ({
  hour: 12,
  weekday: 3,
  openTasks: null,
  overdue: null,
  dueToday: null,
  freeMin: null,
  ...known,
})

const fits = (when: Conditions, known: Partial<Moment>, effortMin = 1): boolean => {
  const card: Card = { id: 'plan-x', text: 'x', theme: 'plan', effortMin, when }
  return fitting([card], moment(known)).length === 1
}

const fittingHours = (when: Conditions): number[] => hours.filter(hour => fits(when, { hour }))

test('hours run from the first up to the second, also past midnight', () => {
  assert.deepEqual(fittingHours({ hours: [9, 12] }), [9, 10, 11])
  assert.deepEqual(fittingHours({ hours: [22, 2] }), [0, 1, 22, 23])
  assert.deepEqual(fittingHours({ hours: [18, 24] }), [18, 19, 20, 21, 22, 23])
  assert.deepEqual(fittingHours({}), hours)
})

test('a range holds at both its ends, and what is unknown fits none', () => {
  const range = { atLeast: 2, atMost: 4 }
  for (const fact of ['openTasks', 'overdue', 'dueToday', 'freeMin'] as const) {
    const holding = [0, 1, 2, 3, 4, 5].filter(known => fits({ [fact]: range }, { [fact]: known }, 0))
    assert.deepEqual(holding, [2, 3, 4], fact)
    assert.equal(fits({ [fact]: range }, { [fact]: null }), false, fact)
    assert.equal(fits({ [fact]: { atMost: 4 } }, { [fact]: 0 }, 0), true, fact)
  }
})

test('every condition has to hold, and there has to be time before the next appointment', () => {
  assert.equal(fits({ weekdays: [1, 3], hours: [12, 13] }, {}), true)
  assert.equal(fits({ weekdays: [1], hours: [12, 13] }, {}), false)
  assert.equal(fits({}, { freeMin: 9 }, 10), false)
  assert.equal(fits({}, { freeMin: 10 }, 10), true)
})

test('fitting changes nothing and keeps the library’s order', () => {
  const before = structuredClone(cards)
  const some = fitting(cards, moment({ hour: 8 }))
  assert.deepEqual(cards, before)
  assert.deepEqual(
    some,
    cards.filter(card => some.includes(card)),
  )
})

/** The moments of real people: nothing connected, an empty list, a short one, a long and late one; a calendar or not. */
const lives: Record<string, Partial<Moment>> = {
  'nothing connected': {},
  'an empty list': { openTasks: 0, overdue: 0, dueToday: 0 },
  'one task': { openTasks: 1, overdue: 0, dueToday: 0 },
  'a long, late list': { openTasks: 40, overdue: 6, dueToday: 4 },
  'an appointment in five minutes': { freeMin: 5 },
  'a long list and half an hour': { openTasks: 40, overdue: 6, dueToday: 4, freeMin: 30 },
  'a free day': { openTasks: 12, overdue: 1, dueToday: 1, freeMin: 1_440 },
}

test('at any hour of any day at least twelve cards fit, of at least four themes, whatever is connected', t => {
  let fewest = Number.POSITIVE_INFINITY
  for (const [life, known] of Object.entries(lives)) {
    for (const weekday of weekdays) {
      for (const hour of hours) {
        const fit = fitting(cards, moment({ ...known, weekday, hour }))
        const at = `${life}, weekday ${weekday}, ${hour}:00`
        assert.ok(fit.length >= 12, `${at}: only ${fit.length}`)
        assert.ok(new Set(fit.map(card => card.theme)).size >= 4, `${at}: too few themes`)
        fewest = Math.min(fewest, fit.length)
      }
    }
  }
  t.diagnostic(`the fewest cards that fit any moment: ${fewest}`)
})

test('by day every theme has something, and none is more than a third of what fits', () => {
  for (const weekday of weekdays) {
    for (const hour of hours.filter(hour => hour >= 7 && hour < 22)) {
      const fit = fitting(cards, moment({ weekday, hour }))
      for (const theme of themes) {
        const share = fit.filter(card => card.theme === theme).length / fit.length
        assert.ok(share > 0 && share <= 1 / 3, `${theme} is ${share} of ${hour}:00 on ${weekday}`)
      }
    }
  }
})

test('no card is written for a moment that never comes', () => {
  const known = [0, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120]
  for (const { id, when, effortMin } of cards) {
    const comes = weekdays.some(weekday =>
      hours.some(hour =>
        known.some(freeMin =>
          fits(when ?? {}, { weekday, hour, freeMin, openTasks: 40, overdue: 6, dueToday: 4 }, effortMin),
        ),
      ),
    )
    assert.ok(comes, id)
  }
})

test('the night asks for little: nothing that takes long, wakes others or leads outside', () => {
  const out = /\b(call|ask|tell|outside|round|errand|street|route|park|invite)\b/i
  for (const hour of [23, 0, 1, 2, 3, 4]) {
    for (const { id, text, effortMin } of fitting(
      cards,
      moment({ hour, openTasks: 40, overdue: 6, dueToday: 4 }),
    )) {
      assert.ok(effortMin <= 5, `${id} takes ${effortMin} min at ${hour}:00`)
      assert.doesNotMatch(text, out, `${id} at ${hour}:00`)
    }
  }
})
