import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { transaction } from '@oo/kernel'
import { until } from '@oo/local'
import { type Front, openFront } from '../connectors/conformance/front.ts'
import { serve } from '../connectors/conformance/serve.ts'
import type { Someone } from '../testHouse.ts'
import { type CalendarHouse, openCalendarHouse, source } from './testCalendar.ts'

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
afterEach(() => Object.assign(front, { mood: 'well', only: '', times: Number.POSITIVE_INFINITY }))

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

test('two processes that renew at once open one channel', async () => {
  const someone = await house.connected()
  const look = { personId: someone.id, source, signal: AbortSignal.timeout(10_000) }
  const asked = await house.asked('/events/watch')
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  const isHeldUp = async () => (await house.rows(waiting)).length === 2
  const card = 'SELECT FROM profile.cards WHERE person_id = $1 FOR UPDATE'
  const looks = await transaction(house.db, async tx => {
    await tx.$client.query(card, [someone.id])
    const begun = [house, house.another()].map(({ looks }) => looks.at(look))
    await until('both found none and are about to open one', isHeldUp)
    return begun
  })
  await Promise.all(looks)
  assert.equal(await house.asked('/events/watch'), asked + 1)
  assert.equal((await openAtGoogle(someone)).length, 1)
})

test('a channel that cannot be closed keeps no other one open', async () => {
  const someone = await house.connected()
  await house.look(someone)
  await house.rows('UPDATE integrations.channels SET renew_at = $1', [house.clock.now()])
  Object.assign(front, { only: '/channels/stop', mood: { status: 400 } })
  await house.look(someone)
  assert.equal((await openAtGoogle(someone)).length, 2)
  Object.assign(front, { times: 1, met: 0 })
  await house.withdraw(someone, 'calendar')
  await house.events.drain()
  await until('the other one is closed', async () => (await openAtGoogle(someone)).length === 1)
  await until('it is forgotten here', async () => (await known(someone)).length === 1)
  assert.equal(front.met, 1)
  house.clock.advance(hourMs)
  await house.look(someone)
  assert.deepEqual(await openAtGoogle(someone), [], 'the next look closes it')
})

/** Left while Google was away, and asked in vain once. */
async function leftInVain(): Promise<{ someone: Someone; id: string }> {
  const someone = await house.connected()
  await house.look(someone)
  assert.equal((await openAtGoogle(someone)).length, 1)
  Object.assign(front, { mood: { status: 500 }, met: 0 })
  await house.disconnect(someone, source)
  const waiting = () => house.rows('SELECT id FROM integrations.revocations WHERE attempts = 1')
  await until('it was asked in vain', async () => (await waiting()).length === 1)
  assert.ok(front.met > 0)
  return { someone, id: (await waiting())[0].id }
}
const held = (id: string) => house.rows('SELECT FROM integrations.channels WHERE holder_id = $1', [id])
const handBack = (revocationId: string) =>
  house.module.jobs
    ?.find(({ name }) => name === 'revoke-grant')
    ?.run({ revocationId }, AbortSignal.timeout(10_000))

test('a channel that Google was away for when its person left is closed when the grant is handed back', async () => {
  const { someone, id } = await leftInVain()
  assert.equal((await held(id)).length, 1)
  front.mood = 'well'
  house.clock.advance(hourMs)
  await handBack(id)
  assert.deepEqual(await openAtGoogle(someone), [])
  assert.equal((await held(id)).length, 0)
  assert.deepEqual(await house.rows('SELECT FROM integrations.revocations'), [])
})

test('a channel is forgotten with the grant that could not be handed back, whether or not its job was lost', async () => {
  const ends: ((id: string) => Promise<unknown> | undefined)[] = [
    handBack,
    async () => {
      await house.module.start?.()
      await house.module.stop?.()
    },
  ]
  for (const end of ends) {
    const { id } = await leftInVain()
    // A channel that lasts longer than a week, as Google may give one.
    await house.rows(`UPDATE integrations.channels SET expires_at = expires_at + interval '20 days'`)
    house.clock.advance(7 * 24 * hourMs)
    await end(id)
    assert.deepEqual(await house.rows('SELECT FROM integrations.revocations'), [])
    assert.equal((await held(id)).length, 0)
    front.mood = 'well'
    // A breaker that opened closes again.
    house.clock.advance(hourMs)
  }
})
