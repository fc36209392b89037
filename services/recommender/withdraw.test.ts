import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createEvents, type Happened } from '@oo/events'
import { closePool, frozenClock, newId, openPool, silentLog, systemRandom, transaction } from '@oo/kernel'
import { createTestDatabase, until } from '@oo/local'
import { endTip, lockTips, readTip, reviveTip, setAnswer } from './store/answers.ts'
import { shownTip } from './testTips.ts'
import { withdrawing } from './withdraw.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
const clock = frozenClock('2026-03-10T14:15:00Z')
const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
const base = { db, clock, random: systemRandom, log: silentLog, jobs }
const events = createEvents(base)
events.door.subscribe(withdrawing({ clock, events: events.door }))
await events.drain()

after(async () => {
  await closePool(db)
  await database.drop()
})

const minuteMs = 60_000
const begins = new Date(clock.now().getTime() + 15 * minuteMs)

const tipOf = (personId: string, externalId: string, source = 'calendar') =>
  shownTip(base, personId, externalId, { source, kind: 'advice', expiresAt: begins })

async function happens(personId: string, happened: Happened): Promise<void> {
  clock.advance(1_000)
  await transaction(db, tx => events.door.append(tx, personId, happened))
  clock.advance(1_000)
  await events.drain()
}

const consent = (purpose: string, granted = false): Happened => ({
  case: 'consentChanged',
  value: { purpose, version: '1', granted },
})

/** Somebody with a tip on their page, one that ended before, and one that is no matter of the calendar. */
async function person() {
  const personId = newId(base)
  const ended = await tipOf(personId, 'gap-break')
  await transaction(db, tx => endTip(tx, ended, clock.now(), 'dismiss'))
  const card = await tipOf(personId, 'break-1', 'library')
  const standing = await tipOf(personId, 'prepare')
  const tip = await readTip(db, personId, standing)
  const { decisionId } = tip ?? assert.fail('it is there')
  await transaction(db, tx =>
    setAnswer(tx, { personId, decisionId, tipId: standing, silence: null, until: begins }),
  )
  return { personId, ended, standing, card }
}

const read = async (personId: string, id: string) =>
  (await readTip(db, personId, id)) ?? assert.fail('it is there')

test('what was decided about an appointment keeps no time of it once the calendar may not be read any more', async () => {
  const takings = [
    consent('calendar'),
    consent('sync'),
    { case: 'sourceDisconnected', value: { source: 'google-calendar' } } as const,
  ]
  for (const taking of takings) {
    const { personId, ended, standing, card } = await person()
    const stranger = await person()
    await happens(personId, taking)
    for (const id of [ended, standing]) {
      const tip = await read(personId, id)
      assert.deepEqual(tip.expiresAt, tip.createdAt, taking.case)
      assert.equal(tip.sealed, null)
    }
    assert.equal((await read(personId, ended)).endReason, 'dismiss')
    assert.match((await read(personId, standing)).endReason ?? '', /^(consent_changed|disconnected)$/)
    const { rowCount } = await db.$client.query('SELECT FROM recommender.current WHERE person_id = $1', [
      personId,
    ])
    assert.equal(rowCount, 0)
    assert.deepEqual((await read(personId, card)).expiresAt, begins, 'that is no time of an appointment')
    for (const id of [stranger.ended, stranger.standing])
      assert.deepEqual((await read(stranger.personId, id)).expiresAt, begins)
  }
})

test('what takes no calendar away leaves the moments of tips as they are, and so does what came before a tip', async () => {
  const { personId, ended } = await person()
  await happens(personId, consent('mood'))
  await happens(personId, consent('calendar', true))
  assert.deepEqual((await read(personId, ended)).expiresAt, begins)
  await transaction(db, tx => events.door.append(tx, personId, consent('calendar')))
  clock.advance(1_000)
  const later = await tipOf(personId, 'prepare')
  await events.drain()
  assert.deepEqual((await read(personId, later)).expiresAt, begins)
})

test('a tip that an undo brings back at that very moment is ended and forgotten as well', async () => {
  const personId = newId(base)
  const ended = await tipOf(personId, 'prepare')
  await transaction(db, tx => endTip(tx, ended, clock.now(), 'dismiss'))
  clock.advance(1_000)
  await transaction(db, tx => events.door.append(tx, personId, consent('calendar')))
  const tip = await read(personId, ended)
  let withdrawn = Promise.resolve()
  await transaction(db, async tx => {
    await lockTips(tx, personId)
    clock.advance(1_000)
    withdrawn = events.drain().then(() => {})
    await until('the withdrawal waits for the tip', async () => {
      const { rowCount } = await db.$client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      return rowCount === 1
    })
    await reviveTip(tx, ended, { sealed: Buffer.from('sealed'), expiresAt: begins })
    const { decisionId } = tip
    await setAnswer(tx, { personId, decisionId, tipId: ended, silence: null, until: begins })
  })
  await withdrawn
  const after = await read(personId, ended)
  assert.equal(after.endReason, 'consent_changed')
  assert.deepEqual(after.expiresAt, after.createdAt)
})

test('a clock that moves ends the tip that was decided by another; one that is merely known by name does not', async () => {
  for (const moved of [false, true]) {
    const { personId, standing } = await person()
    await happens(personId, { case: 'timeZoneChanged', value: { moved } })
    const { endReason } = await read(personId, standing)
    assert.equal(endReason, moved ? 'time_zone_changed' : null)
  }
})
