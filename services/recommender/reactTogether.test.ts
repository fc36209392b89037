import assert from 'node:assert/strict'
import { after, beforeEach, mock, test } from 'node:test'
import { createEvents } from '@oo/events'
import {
  type Ctx,
  closePool,
  type JobToDo,
  newId,
  openGroupWriter,
  openPool,
  Problem,
  silentLog,
  systemClock,
  systemRandom,
} from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import pg from 'pg'
import { openMemories } from './memories.ts'
import { reacting } from './reactTogether.ts'
import { shownTip } from './testTips.ts'
import type { WantedReaction } from './wantedReaction.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 6 })
const holder = new pg.Client({ connectionString: database.superUrl })
await holder.connect()
const enqueued: JobToDo[] = []
const jobs = {
  enqueue: async () => {},
  enqueueAll: async (_tx: unknown, _name: string, all: readonly JobToDo[]) => void enqueued.push(...all),
}
const base: Ctx = { db, clock: systemClock, random: systemRandom, log: silentLog, jobs }
const ctx = { ...base, ...openMemories(base), events: createEvents(base).door }
const work = reacting(ctx)
const writtenAlone: string[] = []
const writer = openGroupWriter(db, {
  ...work,
  write(tx, wanted: readonly WantedReaction[], alone) {
    if (alone) writtenAlone.push(...wanted.map(({ tipId }) => tipId))
    return work.write(tx, wanted, alone)
  },
})

after(async () => {
  await writer.stop()
  await holder.end()
  await closePool(db)
  await database.drop()
})
beforeEach(() => {
  enqueued.splice(0)
  writtenAlone.splice(0)
})

type Reaction = WantedReaction['reaction']

async function person(externalId?: string) {
  const personId = newId(base)
  const tipId = await shownTip(ctx, personId, externalId)
  const react = (reaction: Reaction, tip = tipId) =>
    writer.write({
      personId,
      tipId: tip,
      reaction,
      at: undefined,
      snoozeUntil: null,
      sketchOf: null,
      now: base.clock.now(),
      within: ROOT_CONTEXT,
    })
  return { personId, tipId, react }
}
const people = (count: number) => Promise.all(Array.from({ length: count }, () => person()))

const rowsOf = async (text: string, values: unknown[]) => (await db.$client.query(text, values)).rows
const reactionsTo = (tipId: string) =>
  rowsOf('SELECT id, reaction, replaced_by FROM recommender.reactions WHERE tip_id = $1 ORDER BY id', [tipId])
const eventsOf = (personId: string) =>
  rowsOf('SELECT subject FROM events.log WHERE person_id = $1', [personId])

test('sixteen reactions at once cost as many statements as one: begin, hold, look, write, event, notice, commit', async () => {
  const all = await people(17)
  await all.pop()?.react('helpful')
  const said = mock.method(pg.Client.prototype, 'query')
  try {
    await Promise.all(all.map(({ react }) => react('dismiss')))
    assert.equal(said.mock.callCount(), 7)
  } finally {
    said.mock.restore()
  }
  for (const { personId, tipId } of all) {
    assert.equal((await reactionsTo(tipId)).length, 1)
    assert.equal((await eventsOf(personId)).length, 1)
    const [item] = await rowsOf('SELECT * FROM recommender.items WHERE person_id = $1', [personId])
    assert.deepEqual([item.times_shown, item.rest_reason], [1, 'dismiss'])
    const [tip] = await rowsOf('SELECT * FROM recommender.tips WHERE id = $1', [tipId])
    assert.deepEqual([tip.end_reason, tip.sealed], ['dismiss', null])
    assert.ok(tip.shown_at && tip.ended_at)
  }
})

test('a double tap inside one group is one reaction, with one answer', async () => {
  const { personId, tipId, react } = await person()
  const [first, second] = await Promise.all([react('done'), react('done')])
  assert.deepEqual(first, second)
  assert.equal((await reactionsTo(tipId)).length, 1)
  assert.equal((await eventsOf(personId)).length, 1)
  assert.deepEqual(
    enqueued.map(({ data }) => data),
    [{ reactionId: first.id }],
  )
})

test('two reactions to one tip inside one group: the later takes the place of the first, or is refused', async () => {
  const one = await person()
  await Promise.all([one.react('helpful'), one.react('dismiss')])
  const [helpful, dismissed] = await reactionsTo(one.tipId)
  assert.equal(helpful.replaced_by, dismissed.id)
  const other = await person()
  const [, refused] = await Promise.allSettled([other.react('dismiss'), other.react('helpful')])
  assert.ok(refused.status === 'rejected' && refused.reason instanceof Problem)
  assert.equal(refused.reason.status, 409)
})

test("two tips of one item inside one group both count for the item's rest and how often it was shown", async () => {
  const { personId, react } = await person('same')
  const other = await shownTip(ctx, personId, 'same')
  await Promise.all([react('helpful'), react('dismiss', other)])
  const [item] = await rowsOf('SELECT times_shown FROM recommender.items WHERE person_id = $1', [personId])
  assert.equal(item.times_shown, 2)
})

test('a tip that somebody holds makes only its own reaction wait', async () => {
  const [held, ...others] = await people(4)
  assert.ok(held)
  await holder.query('BEGIN')
  await holder.query('SELECT 1 FROM recommender.tips WHERE id = $1 FOR UPDATE', [held.tipId])
  let answered = false
  const late = held.react('helpful').then(() => {
    answered = true
  })
  await Promise.all(others.map(({ react }) => react('helpful')))
  assert.equal(answered, false)
  await holder.query('COMMIT')
  await late
  assert.deepEqual(writtenAlone, [held.tipId])
  assert.equal((await reactionsTo(held.tipId)).length, 1)
})

test("a tip that does not exist or is someone else's is refused, and nobody's reaction is lost by it", async () => {
  const [mine, theirs] = await people(2)
  assert.ok(mine && theirs)
  const answers = await Promise.allSettled([
    mine.react('helpful'),
    mine.react('helpful', theirs.tipId),
    theirs.react('helpful', newId(base)),
  ])
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  )
  assert.equal((await reactionsTo(theirs.tipId)).length, 0)
})
