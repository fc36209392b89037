import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom, systemRandom } from '@oo/kernel'
import { themes } from './advice/card.ts'
import { cards } from './advice/cards.ts'
import { countToday } from './ceiling.ts'
import type { Candidate } from './decided.ts'
import { openEligibility } from './eligibility.ts'
import { openLeftOut } from './leftOut.ts'
import { countShows } from './shows.ts'
import { openSketches } from './sketches.ts'
import { library } from './sources/library.ts'
import type { Moment, SourceCtx } from './sources/source.ts'
import { tasks } from './sources/tasks.ts'
import type { RememberedItem } from './store/items.ts'

const now = new Date('2026-03-04T12:30:00Z')
const ctx: SourceCtx = {
  integrations: {
    itemOf: () => assert.fail('asked'),
    stateOf: () => assert.fail('asked'),
    busyTimesOf: () => assert.fail('asked'),
  },
}
const momentWith = (texts: readonly string[], at = now): Moment => ({
  now: at,
  timeZone: 'UTC',
  freeMin: null,
  open: {
    state: 'connected',
    tasks: texts.map((text, number) => ({
      source: 'todoist',
      externalId: String(number),
      text,
      url: null,
      attributes: { priority: 1, due: null, createdAt: null, effortMin: null, recurring: false },
    })),
  },
})

const item = (externalId: string, more: Partial<RememberedItem>): [string, RememberedItem] => [
  `todoist:${externalId}`,
  {
    ...{ personId: 'p', source: 'todoist', externalId, timesShown: 0, lastShownAt: null, recent: 0 },
    ...{ restUntil: null, restReason: null, refusedAt: null, sketch: null, shownLately: [] },
    ...more,
  },
]

interface Life {
  items?: [string, RememberedItem][]
  never?: string
  seed?: number
}

/** The whole way of both sources through the rules. */
async function chosenFrom(moment: Moment, { items = [], never, seed = 1 }: Life = {}) {
  const [leftOut, known] = [openLeftOut(), new Map(items)]
  const eligibility = openEligibility(
    { sketches: openSketches(systemRandom), mostOfAKind: 1 },
    {
      ...{ items: known, now: moment.now, leftOut, shows: countShows(known.values(), moment.now) },
      today: countToday(known.values(), moment),
      refusal: ({ text }) => ({ isNever: text === never, toDismissed: text === never ? 1 : 0.2 }),
    },
  )
  const eligible: Candidate[] = []
  for (const source of [tasks, library]) {
    const { candidates, unfit } = await source.gather(ctx, 'p', moment)
    leftOut.count(source.name, 'unfit', unfit)
    const awake = candidates.filter(eligibility.isAwake)
    eligible.push(...eligibility.take(source, source.order(awake, seededRandom(seed).next), eligible))
  }
  return { eligible, left: leftOut.all(), eligibility }
}

const soon = new Date(now.getTime() + 60_000)

test('what is left out says why: resting, without words, like something never wanted, said already', async () => {
  const [card = assert.fail()] = cards.filter(({ when }) => !when)
  const texts = ['Call the bank', '', 'Buy milk', 'buy milk ', 'Never again', card.text.toUpperCase()]
  const items = [item('0', { restUntil: soon, restReason: 'snooze' }), item('2', { restUntil: now })]
  const { eligible, left, eligibility } = await chosenFrom(momentWith(texts), { items, never: 'Never again' })
  const reasons = Object.fromEntries(left.map(({ id, reason }) => [id, reason]))
  assert.equal(reasons['todoist:0'], 'snooze')
  assert.equal(reasons['todoist:1'], 'no_text')
  assert.equal(reasons['todoist:3'], 'duplicate')
  assert.equal(reasons['todoist:4'], 'like_never')
  assert.deepEqual(
    eligible.filter(({ kind }) => kind === 'todo').map(({ externalId }) => externalId),
    ['2', '5'],
  )
  assert.equal(eligibility.wakesAt(), soon)
})

test('what a task says already, advice does not say again', async () => {
  const [card = assert.fail()] = cards.filter(({ when }) => !when)
  const said = `library:${card.id}`
  let left = 0
  for (let seed = 0; seed < 200; seed++) {
    const found = await chosenFrom(momentWith([card.text.toUpperCase()]), { seed })
    assert.ok(!found.eligible.some(({ id }) => id === said))
    left += found.left.filter(({ id, reason }) => id === said && reason === 'duplicate').length
  }
  assert.ok(left > 0, 'it was drawn, and left out')
})

test('tasks that differ by a number are different tasks', async () => {
  const texts = ['Read chapter 3 of the reader', 'Read chapter 4 of the reader']
  const { eligible } = await chosenFrom(momentWith(texts))
  assert.equal(eligible.filter(({ kind }) => kind === 'todo').length, 2)
})

test('however much there is, 64 at most are scored and the list of the others stays short', async () => {
  const texts = Array.from({ length: 500 }, (_, number) => `Matter ${number}`)
  const items = texts
    .slice(0, 300)
    .map((_, at) => item(String(at), { restUntil: soon, restReason: 'dismiss' }))
  const { eligible, left } = await chosenFrom(momentWith(texts), { items })
  assert.equal(eligible.length, tasks.places + library.places)
  assert.deepEqual(Object.groupBy(eligible, ({ kind }) => kind).advice?.length, library.places)
  assert.ok(left.length < 80, `${left.length} entries`)
  const total = left.reduce((sum, { count = 1 }) => sum + count, 0)
  assert.equal(total + eligible.length, texts.length + cards.length, 'none goes unmentioned')
})

test('ml is told what is remembered of a candidate and of its like', async () => {
  const shown = { timesShown: 3, recent: 2, lastShownAt: new Date(now.getTime() - 86_400_000) }
  const { eligible } = await chosenFrom(momentWith(['Buy milk']), { items: [item('0', shown)] })
  const [task, card] = eligible
  assert.deepEqual(task?.attributes, {
    ...{ priority: 1, due: null, createdAt: null, effortMin: null, recurring: false },
    ...{ timesShown: 3, lastShownAt: '2026-03-03T12:30:00.000Z', kindRecent: 1 },
    ...{ generated: false, dismissedSimilarity: 0.2 },
  })
  assert.deepEqual([card?.attributes.timesShown, card?.attributes.kindRecent], [0, 0])
  assert.ok(card?.theme && themes.includes(card.theme) && card.attributes.theme === card.theme)
})

/** As people and apps reword a thing. */
const reworded: ((text: string) => string)[] = [
  text => text.toUpperCase(),
  text => text.replace(/[.,!?’']/g, ''),
  text => `${text} please`,
  text => text.replace(/\b(the|a|an|your) /gi, ''),
]

const demoTasks = [
  ...['Call the dentist for an appointment', 'Send the signed lease back', 'Return the library books'],
  ...[
    'Reply to Mira about the workshop dates',
    'Finish the slides for the design review',
    'Water the plants',
  ],
  ...['Pick up the parcel at the corner shop', 'Walk for twenty minutes', 'Plan tomorrow on one line'],
  ...[
    'Call Grandma',
    'Take out the recycling',
    'Pay the rent',
    'Book the train to Lisbon',
    'Renew the passport',
  ],
  ...['Drink a glass of water', 'Write down one thing that went well today', 'Clear the desk'],
  ...['Answer the message that waits the longest', 'Plan something nice for the weekend'],
]

const runs = (text: string): Set<string> => {
  const plain = ` ${text
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.join(' ')} `
  return new Set(Array.from({ length: Math.max(1, plain.length - 3) }, (_, at) => plain.slice(at, at + 4)))
}

/** Counted exactly, not by sketches: as alike as half of their runs of four letters. */
function alikeByCount(a: Set<string>, b: Set<string>): boolean {
  const common = [...a].filter(run => b.has(run)).length
  return common / (a.size + b.size - common) >= 0.5
}

test('fewer than one in a hundred candidates says what another one says, library and tasks together', async t => {
  const all = new Map<string, Set<string>>()
  const runsOf = (text: string) => all.get(text) ?? all.set(text, runs(text)).get(text) ?? new Set()
  const twiceIn = (texts: string[]) =>
    texts.filter((text, at) => texts.slice(0, at).some(before => alikeByCount(runsOf(text), runsOf(before))))
      .length
  let [offered, twice] = [0, 0]
  for (let round = 0; round < 200; round++) {
    const at = new Date(Date.UTC(2026, 2, 4 + (round % 7), round % 24, 30))
    // Tasks of somebody who writes down, in their own words, what oO said.
    const written = cards.flatMap(({ text }, number) =>
      number % 20 === round % 20 ? [reworded[number % reworded.length]?.(text) ?? text] : [],
    )
    const { eligible } = await chosenFrom(momentWith([...demoTasks, ...written], at), { seed: round })
    const texts = eligible.map(({ words }) => words.text)
    offered += texts.length
    twice += twiceIn(texts)
  }
  const share = (100 * twice) / offered
  t.diagnostic(`${offered} candidates, ${twice} say what another one says: ${share.toFixed(2)} %`)
  assert.ok(share < 1)
})
