import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { transaction } from '@oo/kernel'
import type { Purpose } from '@oo/shared-types'
import { hear } from '../signals/hear.ts'
import { type CalendarHouse, openCalendarHouse } from './testCalendar.ts'

let house: CalendarHouse
before(async () => {
  house = await openCalendarHouse()
})
after(() => house.stop())

const listed = (times: { from: number; until: number }[]) => times.map(({ from, until }) => [from, until])

test('what takes time is kept, and nothing of what does not', async () => {
  const someone = await house.connected()
  await house.add(someone, 30, 60)
  await house.add(someone, 60, 90, { status: 'tentative' })
  await house.add(someone, 90, 120, { eventType: 'focusTime' })
  await house.add(someone, 200, 230, { transparency: 'transparent' })
  await house.add(someone, 240, 270, { eventType: 'workingLocation' })
  const invited = (responseStatus: string) => ({
    organizer: { email: 'boss@example.test' },
    attendees: [
      { email: 'boss@example.test', responseStatus: 'accepted' },
      { email: someone.email, responseStatus },
    ],
  })
  await house.add(someone, 300, 330, invited('declined'))
  await house.add(someone, 330, 360, invited('needsAction'))
  const { id } = await house.add(someone, 400, 430)
  await house.google(someone, `events/${id}/cancel`, {})
  await house.look(someone)
  assert.deepEqual(listed(await house.kept(someone)), [
    [30, 60],
    [60, 90],
    [90, 120],
    [330, 360],
  ])
})

test('what changed is asked for by the cursor: moved, added, cancelled, declined, out of reach', async () => {
  const someone = await house.connected()
  const [moved, gone, far] = [
    await house.add(someone, 30, 60),
    await house.add(someone, 100, 130),
    await house.add(someone, 200, 230),
  ]
  await house.look(someone)
  assert.equal((await house.kept(someone)).length, 3)
  const times = (from: number, until: number) => ({
    start: { dateTime: house.at(from).toISOString() },
    end: { dateTime: house.at(until).toISOString() },
  })
  await house.google(someone, `events/${moved.id}/move`, times(40, 75))
  await house.google(someone, `events/${gone.id}/cancel`, {})
  await house.google(someone, `events/${far.id}/move`, times(60 * 1_440, 60 * 1_440 + 30))
  await house.add(someone, 300, 310)
  await house.look(someone)
  assert.deepEqual(listed(await house.kept(someone)), [
    [40, 75],
    [300, 310],
  ])
  const { requests } = await house.control<{ requests: { path: string; query?: string }[] }>('log')
  const asked = requests
    .filter(({ path }) => path.includes('/events'))
    .map(request => JSON.stringify(request))
  assert.match(asked.at(-1) ?? '', /syncToken/)
  assert.doesNotMatch(asked.at(-1) ?? '', /timeMin/)
})

test('a cursor that is too old, or of another secret, is forgotten and the whole is read: what is gone is gone', async () => {
  for (const spoil of [
    (someone: { id: string; email: string }) =>
      house.control(`google/${someone.email}/sync-tokens/expire`, {}),
    ({ id }: { id: string }) =>
      house.rows(`UPDATE integrations.calendars SET cursor = '\\x00' WHERE person_id = $1`, [id]),
  ]) {
    const someone = await house.connected()
    const { id } = await house.add(someone, 30, 60)
    await house.add(someone, 100, 130)
    await house.look(someone)
    await house.google(someone, `events/${id}/cancel`, {})
    await spoil(someone)
    await house.look(someone)
    assert.deepEqual(listed(await house.kept(someone)), [[100, 130]])
    await house.add(someone, 200, 230)
    await house.look(someone)
    assert.equal((await house.kept(someone)).length, 2, 'and the new cursor works')
  }
})

test('a series is its instances: one moved, one cancelled, the whole of it moved, within the days that are kept', async () => {
  const someone = await house.connected()
  const { id } = await house.add(someone, 60, 90, { recurrence: ['RRULE:FREQ=DAILY;COUNT=50'] })
  await house.look(someone)
  const days = (await house.kept(someone)).map(({ from }) => Math.round((from - 60) / 1_440))
  assert.deepEqual(days, [...Array(30).keys()], 'today and the 29 days after it, and no further')
  const instance = (day: number) => {
    const stamp = house
      .at(60 + day * 1_440)
      .toISOString()
      .slice(0, 19)
      .replace(/[-:]/g, '')
    return `${id}_${stamp}Z`
  }
  await house.google(someone, `events/${instance(1)}/cancel`, {})
  await house.google(someone, `events/${instance(2)}/move`, {
    start: { dateTime: house.at(2 * 1_440 + 200).toISOString() },
    end: { dateTime: house.at(2 * 1_440 + 230).toISOString() },
  })
  await house.look(someone)
  assert.deepEqual(listed((await house.kept(someone)).slice(0, 3)), [
    [60, 90],
    [2 * 1_440 + 200, 2 * 1_440 + 230],
    [3 * 1_440 + 60, 3 * 1_440 + 90],
  ])
  await house.google(someone, `events/${id}/cancel`, {})
  await house.look(someone)
  assert.deepEqual(await house.kept(someone), [])
})

test('days are kept as days, and what is over or too far ahead goes as time passes', async () => {
  const someone = await house.connected()
  const day = (ahead: number) =>
    house
      .at(ahead * 1_440)
      .toISOString()
      .slice(0, 10)
  await house.add(someone, 0, 0, { start: { date: day(2) }, end: { date: day(4) } })
  await house.add(someone, 10, 30)
  await house.add(someone, 29.8 * 1_440, 29.8 * 1_440 + 30)
  await house.add(someone, 30.5 * 1_440, 30.5 * 1_440 + 30)
  await house.look(someone)
  const kept = await house.kept(someone)
  assert.equal(kept.length, 3)
  const [{ starts_at, ends_at }] = await house.rows(
    'SELECT starts_at, ends_at FROM integrations.busy_times WHERE person_id = $1 AND all_day',
    [someone.id],
  )
  assert.deepEqual(
    [starts_at, ends_at].map(at => at.toISOString()),
    [`${day(2)}T00:00:00.000Z`, `${day(4)}T00:00:00.000Z`],
  )
  house.clock.advance(1.1 * 86_400_000)
  await house.look(someone)
  assert.equal((await house.kept(someone)).length, 3, 'one went, one came')
  house.clock.advance(-1.1 * 86_400_000)
})

test('no more than a thousand times are kept of a person, the soonest ones', async () => {
  const someone = await house.connected()
  await Promise.all(
    Array.from({ length: 40 }, (_, nth) =>
      house.add(someone, 10 + nth * 30, 30 + nth * 30, { recurrence: ['RRULE:FREQ=DAILY'] }),
    ),
  )
  await house.look(someone)
  const kept = await house.kept(someone)
  assert.equal(kept.length, 1_000)
  assert.ok(kept.every(({ from }) => from < 26 * 1_440))
})

test('a look that finds nothing new says nothing, one that does is told with how much is kept', async () => {
  const someone = await house.connected()
  const told = async () =>
    (
      await house.rows(
        `SELECT FROM events.log WHERE person_id = $1 AND subject = 'signals.calendar.synced'`,
        [someone.id],
      )
    ).length
  await house.look(someone)
  const before = await told()
  await house.add(someone, 30, 60)
  await Promise.all([house.look(someone), house.look(someone), house.look(someone)])
  await house.look(someone)
  assert.equal((await told()) - before, 1)
  assert.equal((await house.kept(someone)).length, 1)
})

test('the engine hears whether there is an appointment, and when the next one is, only with the consent', async () => {
  const someone = await house.connected()
  await house.add(someone, 45, 75)
  await house.look(someone)
  const heard = (consents: Purpose[]) => house.door.contextOf(someone.id, new Set(consents))
  const nothing = { busy: null, freeMin: null, mood: null, sleep: null }
  assert.deepEqual(await heard(['calendar']), { ...nothing, busy: false, freeMin: 45 })
  assert.deepEqual(await heard(['mood']), nothing)
  house.clock.advance(50 * 60_000)
  await house.look(someone)
  assert.deepEqual(await heard(['calendar']), { ...nothing, busy: true, freeMin: 0 })
  const tell = (value: boolean) =>
    transaction(house.db, tx =>
      hear({ clock: house.clock, profiles: house.profile.door, events: house.events.door }, tx, someone.id, {
        source: 'page',
        signals: [{ type: 'busy', value }],
      }),
    )
  await tell(false)
  assert.deepEqual(
    await heard(['calendar']),
    { ...nothing, busy: false, freeMin: null },
    'nobody knows how long',
  )
  house.clock.advance(1_000)
  await tell(true)
  assert.deepEqual(await heard(['calendar']), { ...nothing, busy: true, freeMin: 0 })
})
