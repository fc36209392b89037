import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt'
import { createEvents, type Happened } from '@oo/events'
import { closePool, frozenClock, newId, openPool, silentLog, systemRandom, transaction } from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import { ReactionCode } from '@oo/shared-types/events'
import { silence } from '@oo/shared-types/rewards'
import { markShown } from '../store/answers.ts'
import { writeReactions } from '../store/reactionGroup.ts'
import { shownTip } from '../testTips.ts'
import { rewarding } from './rewarding.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
const clock = frozenClock('2026-03-01T10:00:00Z')
const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
const ctx = { db, clock, random: systemRandom, log: silentLog, jobs }
const events = createEvents(ctx)
const profiles = { pausesSince: async () => new Map<string, never>() }
events.door.subscribe(rewarding({ events: events.door, profiles, defaultReward: silence }))
await events.drain()
const personId = newId(ctx)

after(async () => {
  await closePool(db)
  await database.drop()
})

/** When what is told of the reaction, and of its undo, was earned. */
async function earned(externalId: string): Promise<Date[]> {
  const tipId = await shownTip(ctx, personId, externalId)
  const [id, at] = [newId(ctx), clock.now()]
  const item = {
    source: 'todoist',
    externalId,
    restUntil: at,
    firstShown: false,
    snoozeUntil: null,
    refused: false,
    sketch: null,
  }
  await transaction(db, async tx => {
    await writeReactions(tx, [{ id, personId, tipId, reaction: 'helpful', at, recordedAt: at, ...item }])
    const ids = { reactionId: id, tipId, decisionId: '' }
    const value = { ...ids, reaction: ReactionCode.HELPFUL, replaces: '' }
    await events.door.append(tx, personId, { case: 'tipReacted', value })
    await events.door.append(tx, personId, { case: 'reactionUndone', value: ids })
  })
  await events.drain()
  await events.drain()
  return events.door.recent().flatMap(({ payload }) => {
    if (payload.case !== 'tipRewarded' || payload.value.tipId !== tipId) return []
    return payload.value.earnedAt ? [timestampDate(payload.value.earnedAt)] : []
  })
}

test('a reward is earned when the person reacted', async () => {
  clock.set('2025-03-01T10:00:00Z')
  assert.deepEqual(await earned('past'), [clock.now(), clock.now()])
})

test('a completion heard before the device told of the tip is earned as soon as it does', async () => {
  clock.set('2025-03-02T10:00:00Z')
  const tipId = await shownTip(ctx, personId, 'late')
  const shownAt = clock.now()
  clock.advance(3_600_000)
  const told = async (happened: Happened) => {
    await transaction(db, tx => events.door.append(tx, personId, happened))
    await events.drain()
    await events.drain()
    return events.door.recent().flatMap(({ payload }) => {
      const isOwn = payload.case === 'tipRewarded' && payload.value.tipId === tipId
      return isOwn ? [payload.value.reward] : []
    })
  }
  const completedAt = timestampFromDate(clock.now())
  const item = { source: 'todoist', externalId: 'late', completedAt }
  assert.deepEqual(await told({ case: 'taskCompleted', value: item }), [], 'nobody has seen it')
  await transaction(db, tx => markShown(tx, tipId, shownAt))
  const shown = { tipId, decisionId: '', shownAt: timestampFromDate(shownAt) }
  assert.deepEqual(await told({ case: 'tipShown', value: shown }), [1])
})

test('nothing is earned in the future, whatever the clock of this process says', async () => {
  const before = Date.now()
  clock.set(new Date(before + 40 * 86_400_000))
  const dates = await earned('future')
  assert.equal(dates.length, 2)
  for (const at of dates)
    assert.ok(at.getTime() >= before - 1_000 && at.getTime() <= Date.now() + 1_000, String(at))
})
