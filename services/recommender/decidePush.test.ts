import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { unpackFloats } from './floats.ts'
import type { AskedPush, PushRule } from './push.ts'
import { type House, openHouse, requestBy, type Someone } from './testHouse.ts'

// The real ml decides. Somebody has nothing connected, so there is advice to choose from.
const minuteMs = 60_000
let house: House
let ada: Someone
before(async () => {
  house = await openHouse({ at: '2026-03-02T08:00:00Z', seed: 5, policy: 'hb_ts', shadow: 'random' })
  ada = await agreed('ada@example.test')
})
after(() => house.stop())

async function agreed(email: string): Promise<Someone> {
  const someone = await house.person(email)
  const read = await house.handlers.getConsents(requestBy<'getConsents'>(someone))
  const { version } = read.body.consents.find(({ purpose }) => purpose === 'push') ?? assert.fail()
  const body = { purpose: 'push' as const, version, granted: true }
  await house.handlers.putConsent(requestBy<'putConsent'>(someone, { body }))
  return someone
}

const push = ({ id }: Someone, asked: Partial<AskedPush> = {}) =>
  house.recommender.decidePush({ personId: id, sendsLeft: 3, opportunitiesLeft: 3, ...asked })

const page = async (someone: Someone) =>
  (await house.handlers.recommend(requestBy<'recommend'>(someone))).body

const logged = async (decisionId: string) => {
  const [row] = await house.rows('SELECT * FROM recommender.decisions WHERE id = $1', [decisionId])
  return row ?? assert.fail('it is not in the log')
}

/** Chance decides as well: asked every half hour, as the notifier will. */
async function sent(someone: Someone) {
  for (let tick = 0; tick < 40; tick++) {
    const made = await push(someone)
    if (made.tip) return made
    house.clock.advance(30 * minuteMs)
  }
  assert.fail('nothing was sent in forty opportunities')
}

test('what is sent is on the page, and logged with the chance it was sent by', async () => {
  const { decisionId, tip, sendProbability } = await sent(ada)
  const row = await logged(decisionId)
  assert.deepEqual([row.trigger, row.silence, row.policy], ['push', null, 'hb_ts'])
  assert.ok(sendProbability >= 0.05 && sendProbability <= 0.95, String(sendProbability))
  assert.ok(Math.abs(row.send_probability - sendProbability) < 1e-6)
  const shares = unpackFloats(row.probabilities)
  assert.ok(Math.abs(shares.reduce((sum, p) => sum + p, 0) - 1) < 1e-4, 'shares are those of candidates')
  const shown = await page(ada)
  assert.deepEqual([shown.decisionId, shown.tip?.id, shown.tip?.text], [decisionId, tip.id, tip.text])

  await house.handlers.reportShown(requestBy<'reportShown'>(ada, { params: { id: tip.id }, body: {} }))
  await house.handlers.react(requestBy<'react'>(ada, { body: { tipId: tip.id, reaction: 'helpful' } }))
  for (let round = 0; round < 3; round++) await house.events.drain()
  const events = await house.rows(
    `SELECT envelope FROM events.log WHERE person_id = $1 AND subject = 'signals.tip.rewarded'`,
    [ada.id],
  )
  const [told] = events.flatMap(({ envelope }) => {
    const { payload } = fromBinary(EnvelopeSchema, envelope)
    return payload.case === 'tipRewarded' ? [payload.value] : []
  })
  const own = shares[row.candidates.indexOf(row.chosen)] ?? 0
  assert.ok(
    told && Math.abs(told.probability - own * sendProbability) < 1e-6,
    'π of sending times p of the tip',
  )
})

test('a silence is logged with its chance, and leaves the page as it is', async () => {
  const bob = await agreed('bob@example.test')
  const before = await page(bob)
  house.clock.advance(5 * 60 * minuteMs)
  const [stands] = await house.rows('SELECT * FROM recommender.current WHERE person_id = $1', [bob.id])
  assert.equal(stands?.decision_id, before.decisionId)
  const made = await push(bob, { sendsLeft: 1, opportunitiesLeft: 10_000 })
  assert.ok(!made.tip)
  assert.equal(made.silence, 'not_worth_an_interruption')
  const row = await logged(made.decisionId)
  assert.deepEqual([row.trigger, row.chosen, row.silence], ['push', null, 'not_worth_an_interruption'])
  assert.ok(row.candidates.length > 1 && row.send_probability < 1, 'it was weighed')
  assert.deepEqual(await house.rows('SELECT * FROM recommender.current WHERE person_id = $1', [bob.id]), [
    stands,
  ])
})

test('a hard rule is logged as what is not eligible, with its reason; nothing is weighed', async () => {
  const cleo = await agreed('cleo@example.test')
  const forbids = async (rule: PushRule, asked: Partial<AskedPush> = {}, someone = cleo) => {
    const made = await push(someone, asked)
    assert.ok(!made.tip)
    assert.equal(made.silence, rule)
    const row = await logged(made.decisionId)
    assert.deepEqual(row.ineligible, [{ id: 'push', reason: rule }])
    assert.deepEqual([row.policy, row.candidates, row.send_probability], ['none', [], null])
  }
  for (const rule of ['quiet_hours', 'busy', 'gap'] as const) await forbids(rule, { barredBy: rule })
  await forbids('cap', { sendsLeft: 0 })
  await forbids('consent_missing', {}, await house.person('dan@example.test'))
  assert.ok((await page(cleo)).tip)
  await forbids('pending')
  await house.handlers.pause(requestBy<'pause'>(cleo, { body: {} }))
  await forbids('paused')
  const seen = await house.rows('SELECT 1 FROM ml.timing WHERE person_id = $1', [cleo.id])
  assert.deepEqual(seen, [], 'and nothing is learned')
})

test('two at once send one tip', async () => {
  const eve = await agreed('eve@example.test')
  for (let tick = 0; tick < 40; tick++) {
    const both = await Promise.all([push(eve), push(eve)])
    const tips = both.flatMap(({ tip }) => tip ?? [])
    assert.ok(tips.length < 2)
    if (tips.length === 1) {
      assert.equal((await page(eve)).tip?.id, tips[0]?.id)
      return
    }
    house.clock.advance(30 * minuteMs)
  }
  assert.fail('nothing was sent in forty opportunities')
})

test('without ml nobody is interrupted', async () => {
  const finn = await agreed('finn@example.test')
  await house.stopMl()
  const made = await push(finn)
  assert.ok(!made.tip)
  assert.equal(made.silence, 'ml_away')
  const row = await logged(made.decisionId)
  assert.deepEqual([row.policy, row.silence, row.send_probability], ['fallback', 'ml_away', null])
})
