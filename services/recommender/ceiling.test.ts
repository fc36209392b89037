import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cards } from './advice/cards.ts'
import { countToday, withinShare } from './ceiling.ts'
import type { Candidate } from './decided.ts'
import type { RememberedItem } from './store/items.ts'

const share = 0.75
const halfAnHourMs = 1_800_000

const candidate = (source: string, externalId: string, theme: Candidate['theme'] = null): Candidate => ({
  ...{ id: `${source}:${externalId}`, source, externalId, kind: theme ? 'advice' : 'todo', theme },
  ...{ words: { text: externalId, url: null, due: null }, wording: { text: externalId }, attributes: {} },
})
const tasks = ['1', '2', '3'].map(id => candidate('todoist', id))
const themed = (theme: Candidate['theme']) =>
  cards.filter(card => card.theme === theme).map(card => candidate('library', card.id, theme))
const [plans, rests] = [themed('plan'), themed('rest')]

const remembered = ({ source, externalId }: Candidate, shownLately: number[]): RememberedItem => ({
  ...{ personId: 'p', source, externalId, shownLately, timesShown: 0, lastShownAt: null, recent: 0 },
  ...{ restUntil: null, restReason: null, refusedAt: null, sketch: null },
})

/** Two days, a tip each half an hour, of somebody whose policy always takes the first that it may. */
function lived(offered: readonly Candidate[], timeZone: string, start: string) {
  const shows = new Map<Candidate, number[]>()
  return Array.from({ length: 96 }, (_, at) => {
    const now = new Date(Date.parse(start) + at * halfAnHourMs)
    const items = [...shows].map(([one, times]) => remembered(one, times))
    const { within, above } = withinShare(offered, { shown: countToday(items, { now, timeZone }), share })
    assert.equal(within.length + above.length, offered.length)
    const chosen = within[0] ?? assert.fail('silence')
    shows.set(chosen, [...(shows.get(chosen) ?? []), now.getTime()])
    return { chosen, above, day: now.toLocaleDateString('sv', { timeZone }) }
  })
}

const days: [timeZone: string, start: string][] = [
  ['Pacific/Auckland', '2026-03-04T00:00:00Z'],
  ['America/St_Johns', '2026-10-31T12:00:00Z'],
  ['Asia/Kathmandu', '2026-06-01T09:00:00Z'],
]

test('of each local day no kind has more than its share, and the day after begins anew', () => {
  for (const [timeZone, start] of days)
    for (const [offered, isOfKind] of [
      [[...tasks, ...plans], ({ kind }: Candidate) => kind === 'todo'],
      [[...plans, ...tasks], ({ kind }: Candidate) => kind === 'advice'],
      [[...plans, ...rests], ({ theme }: Candidate) => theme === 'plan'],
    ] as const) {
      const tips = lived(offered, timeZone, start)
      const byDay = Object.values(Object.groupBy(tips, ({ day }) => day))
      assert.ok(byDay.length >= 2)
      for (const day of byDay) {
        assert.ok(day)
        const of = (first: number) => day.slice(0, first).filter(({ chosen }) => isOfKind(chosen)).length
        for (let first = 1; first <= day.length; first++)
          assert.ok(of(first) <= Math.ceil(share * first), `${timeZone}: ${of(first)} of ${first}`)
        // As much as there may be: the ceiling takes no more than it has to.
        assert.equal(of(day.length), Math.ceil(share * day.length), timeZone)
      }
    }
})

test('the only kind there is stays, all day', () => {
  for (const offered of [tasks, plans, plans.slice(0, 1)])
    for (const { above } of lived(offered, 'Pacific/Auckland', '2026-03-04T00:00:00Z'))
      assert.deepEqual(above, [])
})

test('advice alone is no kind too much: only a theme of it gives way', () => {
  const tips = lived([...plans, ...rests], 'Asia/Kathmandu', '2026-06-01T09:00:00Z')
  assert.ok(tips.some(({ above }) => above.length > 0))
  assert.ok(tips.every(({ above }) => above.every(({ theme }) => theme === 'plan')))
})
