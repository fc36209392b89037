import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CalendarHouse, openCalendarHouse } from '../calendar/testCalendar.ts'
import type { Someone } from '../testHouse.ts'

let house: CalendarHouse
before(async () => {
  house = await openCalendarHouse()
})
after(() => house.stop())

const minuteMs = 60_000
const freshOf = async (wanted: string) => {
  const row = (await house.door.freshness()).find(({ type }) => type === wanted)
  return row && [row.people, row.within, row.oldestAgeMs / minuteMs, row.targetAgeMs / minuteMs]
}
const lookAtTasks = ({ id: personId }: Someone) =>
  house.looks.at({ personId, source: 'todoist', signal: AbortSignal.timeout(10_000) })

test('people are counted once, for tasks and calendars each, by the app that was read longest ago', async () => {
  assert.deepEqual([await freshOf('tasks'), await freshOf('calendars')], [undefined, undefined])
  const both = await house.connected()
  await house.connect(both)
  await house.rows(
    `INSERT INTO integrations.grants (id, person_id, provider, kek_id, wrapped_key, tokens, connected_at)
     SELECT gen_random_uuid(), person_id, 'caldav', kek_id, wrapped_key, tokens, connected_at - interval '1 minute'
       FROM integrations.grants WHERE person_id = $1 AND provider = 'todoist'`,
    [both.id],
  )
  house.clock.advance(10 * minuteMs)
  await lookAtTasks(both)
  await house.look(both)
  house.clock.advance(5 * minuteMs)
  assert.deepEqual(await freshOf('tasks'), [1, 0, 16, 15])
  assert.deepEqual(await freshOf('calendars'), [1, 1, 5, 15])
  await house.rows(`DELETE FROM integrations.grants WHERE provider = 'caldav'`)
  assert.deepEqual(await freshOf('tasks'), [1, 1, 5, 15])
})

test('what no consent allows to read is not late, and is counted again when it is given', async () => {
  const [someone] = [await house.connected()]
  await house.connect(someone)
  const people = async () => [(await freshOf('tasks'))?.[0], (await freshOf('calendars'))?.[0]]
  assert.deepEqual(await people(), [2, 2])
  await house.withdrawSync(someone, 'calendar')
  await house.events.drain()
  assert.deepEqual(await people(), [2, 1])
  await house.withdrawSync(someone)
  await house.events.drain()
  assert.deepEqual(await people(), [1, 1])
  await house.allowSync(someone)
  await house.events.drain()
  await house.look(someone)
  assert.deepEqual(await people(), [2, 1], 'a calendar needs its own')
})
