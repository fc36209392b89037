import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { type Front, openFront } from '../connectors/conformance/front.ts'
import { serve } from '../connectors/conformance/serve.ts'
import type { Someone } from '../testHouse.ts'
import { type CalendarHouse, openCalendarHouse } from './testCalendar.ts'

const hourMs = 3_600_000

let house: CalendarHouse
let front: Front
let door: Awaited<ReturnType<typeof serve>>

before(async () => {
  // Whom Google tells is no matter here.
  door = await serve((_request, response) => void response.end())
  const googleBehind = async (url: string) => {
    front = await openFront(url)
    return front.url
  }
  house = await openCalendarHouse({ reachedAt: door.url, googleBehind })
})
after(async () => {
  await house.stop()
  await Promise.all([front.stop(), door.stop()])
})
afterEach(() => Object.assign(front, { mood: 'well', only: '' }))

const openAtGoogle = async ({ email }: Someone): Promise<string[]> => {
  const { channels } = await house.control<{ channels: { id: string; email: string }[] }>('google/webhooks')
  return channels.filter(channel => channel.email === email).map(({ id }) => id)
}
const known = ({ id }: Someone) =>
  house.rows(
    `SELECT c.* FROM integrations.channels c JOIN integrations.grants g ON g.id = c.holder_id WHERE g.person_id = $1`,
    [id],
  )

test('a wait that is asked for a channel keeps the channel waiting, and no look', async () => {
  const someone = await house.connected()
  Object.assign(front, {
    only: '/events/watch',
    mood: { status: 429, headers: { 'retry-after': '86400' }, body: '{}' },
    met: 0,
  })
  await house.look(someone)
  assert.equal(front.met, 1)
  assert.equal((await house.grantRow(someone)).ask_not_before, null)
  const [row] = await known(someone)
  assert.equal(row.renew_at.getTime() - house.clock.now().getTime(), 24 * hourMs)
  house.clock.advance(3 * hourMs)
  await house.add(someone, 30, 60)
  await house.look(someone)
  assert.equal((await house.kept(someone)).length, 1)
  assert.equal(front.met, 1, 'Google is left alone about the channel')
  front.mood = 'well'
  house.clock.advance(21 * hourMs)
  await house.look(someone)
  assert.equal((await openAtGoogle(someone)).length, 1)
})
