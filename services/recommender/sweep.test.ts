import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { createEvents } from '@oo/events'
import { closePool, frozenClock, newId, openPool, silentLog, systemRandom } from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import { closeTips } from './rewards/closeTips.ts'
import { readTip } from './store/answers.ts'
import { everyItemOf } from './store/items.ts'
import { endStaleTips, forgetOldLog } from './sweep.ts'
import { items } from './tables.ts'
import { shownTip } from './testTips.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
const clock = frozenClock('2026-03-01T10:00:00Z')
const base = {
  db,
  clock,
  random: systemRandom,
  log: silentLog,
  jobs: { enqueue: async () => {}, enqueueAll: async () => {} },
}
const events = createEvents(base)
const ctx = { ...base, events: events.door }
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const personId = newId(base)

after(async () => {
  await closePool(db)
  await database.drop()
})
beforeEach(() => clock.set('2026-03-01T10:00:00Z'))

test('a stale tip ends by itself: its words go, and the log says so', async () => {
  const tipId = await shownTip(ctx, personId)
  await endStaleTips(ctx)
  assert.ok((await readTip(db, personId, tipId))?.sealed, 'a tip in its time is left alone')
  clock.advance(4 * hourMs)
  await endStaleTips(ctx)
  const tip = await readTip(db, personId, tipId)
  assert.equal(tip?.sealed, null)
  assert.equal(tip?.endReason, 'expired')
  await events.drain()
  assert.deepEqual(
    events.door.recent().map(event => event.type),
    ['signals.tip.withdrawn'],
  )
})

test('a day after it was shown, the end of a tip no longer tells the time of an appointment', async () => {
  const mine = newId(base)
  const begins = new Date(clock.now().getTime() + hourMs)
  const advice = { kind: 'advice', expiresAt: begins } as const
  const appointment = await shownTip(ctx, mine, 'prepare', { ...advice, source: 'calendar' })
  const card = await shownTip(ctx, mine, 'break-1', { ...advice, source: 'library' })
  const endAfter = async (ms: number) => {
    clock.advance(ms)
    await endStaleTips(ctx)
    await closeTips(ctx)
    return Promise.all([appointment, card].map(async id => (await readTip(db, mine, id))?.expiresAt))
  }
  assert.deepEqual(await endAfter(dayMs - 1_000), [begins, begins])
  assert.deepEqual(await endAfter(2_000), [new Date('2026-03-01T10:00:00Z'), begins])
})

test('after 30 days the log forgets, and what a person never wants to see again it does not', async () => {
  const old = await shownTip(ctx, personId)
  const until = { done: new Date(clock.now().getTime() + hourMs), never: new Date('9999-12-31T00:00:00Z') }
  const resting = { personId, source: 'todoist' }
  await db.insert(items).values([
    { ...resting, externalId: 'done', restReason: 'done', restUntil: until.done },
    { ...resting, externalId: 'never', restReason: 'never', restUntil: until.never },
  ])
  clock.advance(29 * dayMs)
  const young = await shownTip(ctx, personId)
  await forgetOldLog(ctx)
  assert.ok(await readTip(db, personId, old))
  clock.advance(dayMs + hourMs + 1)
  await forgetOldLog(ctx)
  assert.equal(await readTip(db, personId, old), null)
  assert.ok(await readTip(db, personId, young))
  assert.deepEqual(
    (await everyItemOf(db, personId)).map(item => item.externalId),
    ['never'],
  )
})

test('a sketch of what was dismissed is gone after 30 days, one of what is never wanted stays', async () => {
  const mine = newId(base)
  const refused = async (externalId: string, restReason: string) =>
    db.$client.query(
      `INSERT INTO recommender.items (person_id, source, external_id, rest_until, rest_reason, refused_at, sketch)
       VALUES ($1, 'todoist', $2, $3, $4, $5, 'sealed')`,
      [mine, externalId, new Date('9999-12-31T00:00:00Z'), restReason, clock.now()],
    )
  await refused('a', 'dismiss')
  await refused('b', 'never')
  const left = async () => {
    await forgetOldLog(ctx)
    const kept = await everyItemOf(db, mine)
    return kept.filter(({ sketch }) => sketch).map(({ externalId }) => externalId)
  }
  clock.advance(30 * dayMs - 1_000)
  assert.deepEqual((await left()).toSorted(), ['a', 'b'])
  clock.advance(2_000)
  assert.deepEqual(await left(), ['b'])
})
