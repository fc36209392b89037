import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { timestampDate } from '@bufbuild/protobuf/wkt'
import { newId } from '@oo/kernel'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { type House, openHouse } from '../testHouse.ts'
import { liveAMonth } from './testLife.ts'
import { expected, type Stands } from './testOracle.ts'

// A month in which summer time begins: what every decision earned is what a plain reading of the diary says.
// Urgency decides, so that what is learned does not change the life; hb_ts learns.
const shadow = 'hb_ts'
const open = () => openHouse({ at: '2025-03-14T05:00:00Z', seed: 7, shadow })
let house: House
let another: House
let month: Month
let again: Month
before(async () => {
  house = await open()
  another = await open()
  ;[month, again] = await Promise.all([live(house), live(another)])
})
after(() => Promise.all([house.stop(), another.stop()]))

type Month = Awaited<ReturnType<typeof live>>

async function live(within: House) {
  const ada = await within.person('ada@example.test')
  await within.connect(ada)
  const lived = await liveAMonth(within, ada, 1)
  return { ada, ...lived, traces: await traces(within) }
}

/** Every byte that a life leaves in the logs of what was decided and what happened, and in what ml learned. */
async function traces(within: House): Promise<string[]> {
  const rows = await within.rows(
    `SELECT encode(envelope, 'hex') AS trace FROM events.log
     UNION ALL
     SELECT concat_ws(' ', id, candidates, encode(probabilities, 'hex'), encode(features, 'hex'), chosen, silence)
       FROM recommender.decisions
     UNION ALL
     SELECT concat_ws(' ', policy, version, encode(bytes, 'hex')) FROM ml.posteriors
     ORDER BY trace`,
  )
  return rows.map(({ trace }) => trace)
}

async function told(personId: string) {
  const rows = await house.rows(
    `SELECT envelope FROM events.log WHERE person_id = $1 AND subject = 'signals.tip.rewarded' ORDER BY xid, seq`,
    [personId],
  )
  return rows.flatMap(({ envelope }) => {
    const { payload } = fromBinary(EnvelopeSchema, envelope)
    return payload.case === 'tipRewarded' ? [payload.value] : []
  })
}
type Told = Awaited<ReturnType<typeof told>>

function standing(rewards: Told): Stands[] {
  const replaced = new Set(rewards.map(({ replaces }) => replaces))
  const stand = rewards.flatMap(({ rewardId, decisionId, reward, part, earnedAt }) =>
    reward === undefined || replaced.has(rewardId) || !earnedAt
      ? []
      : [{ decisionId, reward, part, at: timestampDate(earnedAt).toISOString() }],
  )
  return stand.sort((a, b) => a.decisionId.localeCompare(b.decisionId))
}

const posterior = async (personId: string): Promise<string> => {
  const query = 'SELECT bytes FROM ml.posteriors WHERE person_id = $1 AND policy = $2'
  return (await house.rows(query, [personId, shadow]))[0]?.bytes.toString('hex') ?? ''
}

test('in a month of a life every decision earns what the product says, and ml has learned exactly that', async t => {
  const { ada, diary, counts } = month
  t.diagnostic(JSON.stringify(counts))
  const rewards = await told(ada.id)
  const wanted = expected(diary, 0)

  assert.deepEqual(standing(rewards), wanted)
  assert.equal(new Set(rewards.map(({ rewardId }) => rewardId)).size, rewards.length, 'an id is told once')
  const taken = rewards.map(({ replaces }) => replaces).filter(id => id !== '')
  assert.equal(new Set(taken).size, taken.length, 'nothing is replaced twice')
  for (const what of [
    'done',
    'undone',
    'already_done',
    'heard of person',
    'heard of oO',
    'heard of an occurrence',
    'paused',
  ])
    assert.ok((counts[what] ?? 0) > 0, `${what} did not happen in this life`)
  const names = new Set(rewards.map(({ rewardId }) => rewardId.split(':')[1] ?? 'reacted'))
  assert.deepEqual(
    [...names].toSorted(),
    ['completed', 'default', 'none', 'reacted', 'undone'].filter(name => names.has(name)),
  )
  for (const name of ['completed', 'default', 'reacted', 'undone']) assert.ok(names.has(name), name)

  const rows = await house.rows(
    `SELECT t.shown_at, o.outcome FROM recommender.tips t LEFT JOIN recommender.outcomes o USING (decision_id)
      WHERE t.person_id = $1`,
    [ada.id],
  )
  assert.ok(
    rows.every(({ outcome }) => outcome !== null && outcome !== 'waiting'),
    'each tip is closed',
  )
  assert.ok(rows.every(({ shown_at, outcome }) => (shown_at === null) === (outcome === 'not_shown')))

  // Somebody who is taught only what stands, in order, knows bit for bit the same.
  const twin = newId(house.ctx)
  // The last told of a decision is the one that stands: of the same instant, ids are the order.
  const whole = new Map(rewards.map(one => [one.decisionId, one]))
  const lessons = wanted
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .flatMap(({ decisionId, reward, part, at }) => {
      const of = whole.get(decisionId)
      if (!of || of.featureNames.length === 0) return []
      const features = { ids: [of.chosen], names: of.featureNames, values: [of.features] }
      const event = { eventId: of.rewardId, decisionId, personId: twin, reward, part, at }
      return [{ ...event, features, chosen: of.chosen, probabilities: [of.probability] }]
    })
  assert.ok(lessons.length > 40, `only ${lessons.length} rewards stand`)
  await house.askMl('/reward', { events: lessons, fromTheStart: true, toTheEnd: true })
  assert.equal(await posterior(ada.id), await posterior(twin))
  assert.notEqual(await posterior(twin), '')
})

test('the same seed is the same life, byte for byte', () => {
  assert.deepEqual(again.diary, month.diary)
  assert.ok(month.traces.length > 500, `only ${month.traces.length} traces`)
  assert.deepEqual(again.traces, month.traces)
})
