import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { busyIn } from './busyAt.ts'
import { type CalendarHouse, openCalendarHouse } from './testCalendar.ts'

let house: CalendarHouse
before(async () => {
  house = await openCalendarHouse()
})
after(() => house.stop())

test('busy is busy, and free is until the next appointment', async () => {
  const someone = await house.connected()
  await house.add(someone, 45, 60)
  await house.look(someone)
  assert.deepEqual(await house.busy(someone), { busy: false, freeMin: 45 })
  await house.add(someone, -30, 10)
  await house.look(someone)
  assert.deepEqual(await house.busy(someone), { busy: true, freeMin: 0 }, 'at once after a look')
  assert.deepEqual(await house.busy(someone, 10), { busy: false, freeMin: 35 })
})

test('what nobody knows is null: not connected, never read, or not read for an hour', async () => {
  const nobody = { busy: null, freeMin: null }
  const stranger = await house.person()
  assert.deepEqual(await house.busy(stranger), nobody)
  const someone = await house.connected()
  await house.look(someone)
  assert.deepEqual(await house.busy(someone, 60), { busy: false, freeMin: 1_440 })
  assert.deepEqual(await house.busy(someone, 61), nobody)
  house.clock.advance(61 * 60_000)
  assert.deepEqual(await house.busy(someone), nobody)
})

test('a whole day is the day where the person is, not where the calendar lives', async () => {
  for (const zone of ['Pacific/Kiritimati', 'Europe/Berlin', 'Pacific/Niue']) {
    const someone = await house.connected(zone)
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(house.at(0))
    const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
    await house.google(someone, 'events', {
      summary: 'Away',
      start: { date: today },
      end: { date: tomorrow },
    })
    await house.look(someone)
    assert.equal((await house.busy(someone)).busy, true, zone)
    const day = await house.door.busyTimesOf(someone.id, house.at(0))
    const shown = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short', dateStyle: 'short' })
    assert.match(shown.format(day?.[0]?.startsAt), /00:00$/)
    assert.match(shown.format(day?.[0]?.endsAt), /00:00$/)
  }
})

test('overlapping and touching appointments are one time, and the edges belong to the free side', () => {
  const at = (minutes: number) => new Date(Date.UTC(2026, 2, 29, 0, minutes))
  const time = (from: number, until: number) => ({ startsAt: at(from), endsAt: at(until), allDay: false })
  const day = [time(0, 60), time(30, 45), time(60, 90)]
  assert.equal(busyIn(day, at(50)).busy, true)
  assert.equal(busyIn(day, at(60)).busy, true)
  assert.deepEqual(busyIn(day, at(90)), { busy: false, freeMin: 1_440 })
  assert.deepEqual(busyIn([time(90, 100)], at(0)), { busy: false, freeMin: 90 })
})
