import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@oo/kernel'
import type { ReactionKind } from '@oo/shared-types'
import { type ItemFacts, outcomesOf } from './attribution.ts'
import { type Diary, expected } from './testOracle.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const day = new Date('2026-03-01T08:00:00Z')
const after = (hours: number) => new Date(day.getTime() + hours * hourMs)
const silence = { value: 0, part: 'all' as const }
const nothing: ItemFacts = { tips: [], completions: [], tellings: [], pauses: [] }
const tip = (decisionId: string, shown: number | null, said: [ReactionKind, number] | null = null) => ({
  decisionId,
  shownAt: shown === null ? null : after(shown),
  closed: shown !== null,
  said: said && { id: `r-${decisionId}`, reaction: said[0], at: after(said[1]) },
})
const done = (hours: number, exact = true) => ({ at: after(hours), exact })

/** What each tip earned, as `outcome value part`. */
const outcomes = (facts: Partial<ItemFacts>, value = 0) =>
  outcomesOf({ ...nothing, ...facts }, { value, part: 'all' }).map(({ outcome, earned }) =>
    earned ? `${outcome} ${earned.reward.value} ${earned.reward.part}` : outcome,
  )

test('a day of silence earns the default, unless it was never shown, is not over, or was touched by a pause', () => {
  const { decisionId, shownAt } = tip('a', 0)
  const facts = { tips: [tip('a', 0)] }
  assert.deepEqual(outcomes(facts, -0.1), ['no_reaction -0.1 all'])
  assert.deepEqual(outcomes({ tips: [tip('a', null)] }), ['not_shown'])
  assert.deepEqual(outcomes({ tips: [{ decisionId, shownAt, said: null, closed: false }] }), ['waiting'])
  for (const [since, until] of [
    [-5, 1],
    [23, 30],
    [3, 4],
    [-9, null],
  ] as const)
    assert.deepEqual(
      outcomes({ ...facts, pauses: [{ since: after(since), until: until && after(until) }] }),
      ['paused'],
    )
  const apart = [
    { since: after(-5), until: after(0) },
    { since: after(24), until: null },
  ]
  assert.deepEqual(outcomes({ ...facts, pauses: apart }), ['no_reaction 0 all'])
  assert.equal(
    outcomesOf({ ...nothing, ...facts }, silence)[0]?.earned?.at.toISOString(),
    after(24).toISOString(),
  )
})

test('a completion is of the tip that was shown last before it, within 24 h to the millisecond', () => {
  const tips = [tip('a', 0), tip('b', 5)]
  assert.deepEqual(outcomes({ tips, completions: [done(4)] }), ['completed 1 all', 'no_reaction 0 all'])
  assert.deepEqual(outcomes({ tips, completions: [done(5)] }), ['no_reaction 0 all', 'completed 1 all'])
  assert.deepEqual(outcomes({ tips, completions: [done(29)] })[1], 'completed 1 all')
  const late = { at: new Date(after(29).getTime() + 1), exact: true }
  assert.deepEqual(outcomes({ tips, completions: [late] })[1], 'no_reaction 0 all')
  assert.deepEqual(outcomes({ tips, completions: [done(-1)] })[0], 'no_reaction 0 all')
  const pauses = [{ since: after(3), until: after(4) }]
  assert.deepEqual(outcomes({ tips, completions: [done(3.5)], pauses })[0], 'paused')
})

test('what the person said for good stands; what they said in between gives way to having done it', () => {
  const said = (kind: ReactionKind) => outcomes({ tips: [tip('a', 0, [kind, 1])], completions: [done(2)] })[0]
  assert.equal(said('dismiss'), 'reacted -1 all')
  assert.equal(said('never'), 'reacted -1 all')
  assert.equal(said('wrong_time'), 'reacted -1 timing')
  assert.equal(said('wrong_thing'), 'reacted -1 choice')
  assert.equal(said('already_done'), 'reacted', 'ticking it off afterwards is no praise')
  for (const kind of ['helpful', 'snooze', 'not_helpful'] as const)
    assert.equal(said(kind), 'completed 1 all')
})

test('one act counts once: said here and done there, or done there by oO', () => {
  const both = { tips: [tip('a', 0, ['done', 6]), tip('b', 5)], completions: [done(5.5)] }
  assert.deepEqual(outcomes(both), ['reacted 1 all', 'no_reaction 0 all'])
  const telling = { from: after(6), to: after(6), undoneAt: after(7) }
  const tips = [tip('a', 5)]
  const near = { at: new Date(after(6).getTime() + minuteMs), exact: true }
  assert.deepEqual(outcomes({ tips, completions: [near], tellings: [telling] }), ['no_reaction 0 all'])
  assert.deepEqual(outcomes({ tips, completions: [done(9)], tellings: [telling] }), ['completed 1 all'])
  assert.deepEqual(
    outcomes({ tips, completions: [done(9, false)], tellings: [telling] }),
    ['no_reaction 0 all'],
    'where the provider does not say when, it may have been oO',
  )
})

test('twenty thousand made-up items earn what a plain reading of the product says', () => {
  const chance = seededRandom(3)
  const below = (most: number) => Math.floor(chance.next() * most)
  const kinds = ['done', 'helpful', 'snooze', 'not_helpful', 'dismiss', 'wrong_time', 'already_done'] as const
  for (let round = 0; round < 20_000; round++) {
    const pauses = Array.from({ length: below(3) }, () => {
      const since = below(90)
      return { since: after(since), until: below(4) === 0 ? null : after(since + 1 + below(20)) }
    })
    const awake = (at: Date) => !pauses.some(({ since, until }) => since <= at && (!until || at < until))
    const shown = new Set(Array.from({ length: 1 + below(4) }, () => below(80)))
    const tips = [...shown].map((hours, n) => {
      const isSaid = below(2) === 0 && awake(after(hours + 0.5))
      const kind = kinds[below(kinds.length)] ?? 'done'
      return tip(String(n), below(6) === 0 && !isSaid ? null : hours, isSaid ? [kind, hours + 0.5] : null)
    })
    const completions = [...new Set(Array.from({ length: below(3) }, () => below(100)))].map(hours => ({
      at: after(hours),
      exact: true,
      by: below(4) === 0 ? ('oO' as const) : ('person' as const),
    }))
    const tellings = completions
      .filter(({ by }) => by === 'oO')
      .map(({ at }) => ({ from: new Date(at.getTime() - 1_000), to: at, undoneAt: at }))
    const diary: Diary = {
      tips: tips.map(({ decisionId, shownAt, said }) => {
        const reactions = said ? [{ id: said.id, kind: said.reaction, at: said.at, undone: false }] : []
        return { decisionId, item: 'todoist:1', shownAt, reactions }
      }),
      completions: completions.map(({ at, by }) => ({ item: 'todoist:1', at, by })),
      pauses,
    }
    const found = outcomesOf({ tips, completions, tellings, pauses }, silence).flatMap(({ earned }, n) => {
      const { decisionId = '' } = tips[n] ?? {}
      if (!earned) return []
      return [
        { decisionId, reward: earned.reward.value, part: earned.reward.part, at: earned.at.toISOString() },
      ]
    })
    found.sort((a, b) => a.decisionId.localeCompare(b.decisionId))
    assert.deepEqual(found, expected(diary, 0), JSON.stringify({ round, diary }))
  }
})
