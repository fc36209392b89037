import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { until } from '@oo/local'
import { claimLooks } from '../storeLooks.ts'
import { type CalendarHouse, openCalendarHouse, source } from './testCalendar.ts'

let house: CalendarHouse
before(async () => {
  house = await openCalendarHouse()
})
after(() => house.stop())
afterEach(() => house.fault('none', { target: 'google' }))

const everyMs = 600_000

/** When the next look is due, in ms from now. */
const dueIn = async (someone: { id: string; sessionId: string; email: string }) =>
  (await house.grantRow(someone)).look_at.getTime() - house.clock.now().getTime()

test('the next look is due after ten minutes or a little less, not for everybody at once', async () => {
  const dues: number[] = []
  for (let nth = 0; nth < 5; nth++) {
    const someone = await house.connected()
    await house.look(someone)
    dues.push(await dueIn(someone))
  }
  assert.ok(dues.every(due => due >= 0.8 * everyMs && due <= everyMs))
  assert.ok(new Set(dues).size > 1)
})

test('Google in any trouble costs one look and nothing that is kept; the next one mends it', async () => {
  const faults: [string, object][] = [
    ['down', {}],
    ['500', {}],
    ['429', {}],
    ['403', { reason: 'userRateLimitExceeded' }],
    ['403', { reason: 'quotaExceeded' }],
    ['garbage', {}],
    ['huge', {}],
  ]
  for (const [mode, more] of faults) {
    const someone = await house.connected()
    await house.add(someone, 30, 60)
    await house.look(someone)
    await house.add(someone, 100, 130)
    house.clock.advance(everyMs)
    await house.fault(mode, { target: 'google', ...more })
    await house.look(someone)
    await house.fault('none', { target: 'google' })
    const label = `${mode} ${JSON.stringify(more)}`
    assert.equal((await house.kept(someone)).length, 1, label)
    assert.equal((await house.grantRow(someone)).state, 'connected', label)
    const standing = await house.standing(someone)
    assert.equal(standing?.state, 'away', label)
    assert.match(
      standing?.message ?? '',
      /Google Calendar does not answer right now. You need not do anything/,
    )
    const due = await dueIn(someone)
    assert.ok(due >= 20_000 && due <= everyMs, label)
    // A breaker that opened closes again, and what Google asked to wait is over.
    house.clock.advance(everyMs)
    await house.look(someone)
    assert.equal((await house.kept(someone)).length, 2, label)
    assert.equal((await house.standing(someone))?.state, 'connected', label)
  }
})

test('one person in trouble keeps nobody else from being looked at', async () => {
  const [fine, broken] = [await house.connected(), await house.connected()]
  await house.google(broken, 'grants/revoke', {})
  await house.add(fine, 30, 60)
  await Promise.all([house.look(broken), house.look(fine)])
  assert.equal((await house.grantRow(broken)).state, 'reconnect')
  assert.equal((await house.kept(fine)).length, 1)
})

test('a look that ends with its process is no failure, of tasks or of a calendar: another takes it up at once', async () => {
  await house.rows('DELETE FROM integrations.grants')
  const someone = await house.connected()
  await house.connect(someone)
  for (const target of ['google', 'todoist']) await house.fault('hang', { target, count: 1 })
  const other = house.another()
  await other.looks.round()
  await until('both are asked', async () => Object.keys(await house.control<object>('faults')).length === 0)
  await other.module.stop?.()
  const grants = await house.rows(
    'SELECT look_failures, looking_until, look_at <= $1 AS is_due FROM integrations.grants',
    [house.clock.now()],
  )
  const due = { look_failures: 0, looking_until: null, is_due: true }
  assert.deepEqual(grants, [due, due])
  assert.equal((await house.standing(someone))?.state, 'connected')
})

test('whoever is overdue is looked at, and nobody else', async () => {
  const [due, fresh] = [await house.connected(), await house.connected()]
  for (const someone of [due, fresh]) await house.look(someone)
  house.clock.advance(700_000)
  await house.look(fresh)
  const now = house.clock.now()
  const taken = await claimLooks(house.db, { providers: [source], now, leaseUntil: now, most: 100 })
  const people = taken.map(({ personId }) => personId)
  assert.ok(people.includes(due.id))
  assert.ok(!people.includes(fresh.id))
})
