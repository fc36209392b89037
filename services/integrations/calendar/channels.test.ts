import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { Problem } from '@oo/kernel'
import { until } from '@oo/local'
import { serve } from '../connectors/conformance/serve.ts'
import { requestBy, type Someone } from '../testHouse.ts'
import { forgetSilent } from './storeChannels.ts'
import { type CalendarHouse, openCalendarHouse, source } from './testCalendar.ts'

const dayMs = 86_400_000

let house: CalendarHouse
let door: Awaited<ReturnType<typeof serve>>
/** What came from Google, so that it can come again. */
const heard: IncomingHttpHeaders[] = []
let isDeaf = false

before(async () => {
  door = await serve(async (request, response) => {
    heard.push(request.headers)
    const status = isDeaf ? 200 : await deliver(request.headers).catch(() => 500)
    response.writeHead(status).end()
  })
  house = await openCalendarHouse({ reachedAt: door.url })
})
after(async () => {
  await house.stop()
  await door.stop()
})
afterEach(() => {
  isDeaf = false
})

async function deliver(headers: IncomingHttpHeaders, through = house): Promise<number> {
  const nobody = { id: '', sessionId: '', email: '' }
  const signed = { bytes: Buffer.alloc(0), headers, misfit: undefined }
  const asked = requestBy<'receiveWebhook'>(nobody, { actor: null, params: { provider: source }, signed })
  try {
    return (await through.module.handlers.receiveWebhook(asked)).status
  } catch (error) {
    if (error instanceof Problem) return error.status
    throw error
  }
}

interface Open {
  id: string
  email: string
}
const openAtGoogle = async ({ email }: Someone): Promise<string[]> => {
  const { channels } = await house.control<{ channels: Open[] }>('google/webhooks')
  return channels.filter(channel => channel.email === email).map(({ id }) => id)
}
const known = ({ id }: Someone) =>
  house.rows(
    `SELECT c.* FROM integrations.channels c JOIN integrations.grants g ON g.id = c.holder_id WHERE g.person_id = $1`,
    [id],
  )
const allKnown = async () => (await house.rows('SELECT FROM integrations.channels')).length
const noted = async () => (await house.rows('SELECT FROM integrations.deliveries')).length
const helloOf = (id: string) => heard.find(headers => headers['x-goog-channel-id'] === id)

/** Connected, looked at and told of: what comes now is news. */
async function watched(): Promise<{ someone: Someone; id: string; hello: IncomingHttpHeaders }> {
  const someone = await house.connected()
  await house.look(someone)
  const [id = ''] = await openAtGoogle(someone)
  await until('Google said hello', async () => helloOf(id) !== undefined)
  await until('the hello was noted', async () => (await isDue(someone)) !== undefined)
  house.clock.advance(2_001)
  await rounds('the look it asked for has been', async () => (await isDue(someone)) === undefined)
  house.clock.advance(2_001)
  return { someone, id, hello: helloOf(id) ?? {} }
}

/** As the schedule's own timer goes on: a round that joins one under way may come too soon. */
const rounds = (what: string, isSo: () => Promise<boolean>): Promise<void> =>
  until(what, async () => {
    await house.looks.round()
    await house.looks.idle()
    return isSo()
  })
const seen = (someone: Someone, times: number): Promise<void> =>
  rounds(`${times} are seen`, async () => (await house.kept(someone)).length === times)

/** The ms until its turn, where that comes sooner than an interval brings it. */
async function isDue(someone: Someone): Promise<number | undefined> {
  const { look_at: at } = await house.grantRow(someone)
  const inMs = at === null ? 0 : at.getTime() - house.clock.now().getTime()
  return inMs <= 60_000 ? inMs : undefined
}

test('what changes in a calendar is told by Google, and seen with nobody asking', async () => {
  const { someone } = await watched()
  const { id } = await house.add(someone, 30, 60)
  await seen(someone, 1)
  house.clock.advance(2_001)
  await house.google(someone, `events/${id}/delete`, {})
  await seen(someone, 0)
})

test('a delivery without the token of its channel is refused, and leaves no row', async () => {
  const { someone, hello } = await watched()
  const other = await watched()
  const before = await noted()
  const token = 'x-goog-channel-token'
  const forged: IncomingHttpHeaders[] = [
    {},
    { ...hello, [token]: undefined },
    { ...hello, [token]: '' },
    { ...hello, [token]: `${hello[token]}x` },
    { ...hello, [token]: other.hello[token] },
    { ...hello, 'x-goog-channel-id': other.id },
    { ...hello, 'x-goog-channel-id': crypto.randomUUID() },
    { ...hello, 'x-goog-channel-id': 'no uuid' },
    { ...hello, 'x-goog-message-number': undefined },
    { ...hello, 'x-goog-message-number': '1; DROP' },
  ]
  for (const headers of forged) assert.equal(await deliver(headers), 401, JSON.stringify(headers))
  assert.equal(await noted(), before)
  assert.equal(await isDue(someone), undefined)
  const unlike = { ...hello, 'x-goog-message-number': '77', 'x-goog-resource-id': 'of something else' }
  assert.equal(await deliver(unlike), 200)
  assert.equal(await isDue(someone), undefined)
})

test('repeated, shuffled and however many: one look', async () => {
  const { someone, hello } = await watched()
  const { looks } = await house.grantRow(someone)
  const numbers = Array.from({ length: 60 }, (_, at) => String(1 + ((at * 37) % 30)))
  const sent = numbers.map(number => deliver({ ...hello, 'x-goog-message-number': number }))
  assert.deepEqual([...new Set(await Promise.all(sent))], [200])
  await rounds('there was a look', async () => (await house.grantRow(someone)).looks > looks)
  for (let nth = 0; nth < 3; nth++) await rounds('one more round', async () => true)
  assert.equal((await house.grantRow(someone)).looks, looks + 1)
  house.clock.advance(2_001)
  const { look_at: next } = await house.grantRow(someone)
  await deliver(hello)
  assert.deepEqual((await house.grantRow(someone)).look_at, next, 'known already')
})

test('what is lost on its way is healed by the next look', async () => {
  const { someone } = await watched()
  isDeaf = true
  const before = heard.length
  await house.add(someone, 30, 60)
  await until('Google told it to nobody', async () => heard.length > before)
  assert.equal(await isDue(someone), undefined)
  house.clock.advance(600_000)
  await seen(someone, 1)
})

test('a channel is renewed long before it ends, each at another moment, and the old one is closed', async () => {
  const shares: number[] = []
  for (let nth = 0; nth < 4; nth++) {
    const began = house.clock.now().getTime()
    const { someone } = await watched()
    const [row] = await known(someone)
    shares.push((row.renew_at.getTime() - began) / (row.expires_at.getTime() - began))
  }
  for (const share of shares) assert.ok(share >= 0.49 && share <= 0.76, `${share}`)
  assert.ok(Math.max(...shares) - Math.min(...shares) > 0.001, 'not all at once')

  const { someone, id } = await watched()
  house.clock.advance(3 * dayMs)
  await house.look(someone)
  assert.deepEqual(await openAtGoogle(someone), [id], 'it has time')
  house.clock.advance(2.5 * dayMs)
  await house.look(someone)
  const [renewed, ...others] = await openAtGoogle(someone)
  assert.ok(renewed && renewed !== id)
  assert.deepEqual(others, [])
  assert.deepEqual(
    (await known(someone)).map(row => row.id),
    [renewed],
  )
})

test('every end closes it at Google: disconnecting, either consent withdrawn, the account erased', async () => {
  const ends: ((someone: Someone) => Promise<unknown>)[] = [
    someone => house.disconnect(someone, source),
    // Its access token has run out by then.
    async someone => {
      house.clock.advance(2 * 3_600_000)
      await house.google(someone, 'grants/expire', {})
      await house.disconnect(someone, source)
    },
    someone => house.withdraw(someone, 'sync'),
    someone => house.withdraw(someone, 'calendar'),
    house.erase,
  ]
  for (const end of ends) {
    const others = await allKnown()
    const { someone, hello } = await watched()
    assert.equal(await allKnown(), others + 1)
    await end(someone)
    await house.events.drain()
    await until('Google was told', async () => (await openAtGoogle(someone)).length === 0)
    await until('it is forgotten here', async () => (await allKnown()) === others)
    assert.equal(
      await deliver({ ...hello, 'x-goog-message-number': '99' }),
      200,
      'late, and nothing comes of it',
    )
  }
})

test('a channel that is being opened when a consent is withdrawn is closed as soon as it is open', async () => {
  const someone = await house.connected()
  const others = await allKnown()
  await house.fault('slow', { target: 'google', ms: 400 })
  const looking = house.look(someone)
  await until('it is asked for', async () => (await allKnown()) > others)
  assert.deepEqual(await openAtGoogle(someone), [])
  await house.withdraw(someone, 'calendar')
  await house.events.drain()
  await until('it is forgotten here', async () => (await allKnown()) === others)
  await looking
  await house.fault('none', { target: 'google' })
  assert.deepEqual(await openAtGoogle(someone), [])
})

test('Google away at the end keeps nobody from leaving, and what is left is forgotten with its time', async () => {
  const { someone } = await watched()
  const refusals = async () => {
    const { requests } = await house.control<{ requests: { status: number | null }[] }>('log')
    return requests.filter(({ status }) => status === 500).length
  }
  const { id: grantId } = await house.grantRow(someone)
  const done = `SELECT FROM jobs.job WHERE name = 'integrations.close-channels' AND data->>'grantId' = $1 AND state = 'completed'`
  const before = await refusals()
  await house.fault('500', { target: 'google' })
  await house.withdraw(someone, 'calendar')
  await house.events.drain()
  await until('it was tried', async () => (await house.rows(done, [grantId])).length === 1)
  assert.ok((await refusals()) > before, 'in vain')
  await house.fault('none', { target: 'google' })
  assert.equal((await known(someone)).length, 1)
  house.clock.advance(600_000)
  await house.look(someone)
  assert.equal((await known(someone)).length, 0, 'the next look closes it')
  assert.deepEqual(await openAtGoogle(someone), [])
  const { someone: other } = await watched()
  const [{ expires_at: ends }] = await known(other)
  await forgetSilent(house.db, new Date(ends.getTime() - 1))
  assert.equal((await known(other)).length, 1)
  await forgetSilent(house.db, ends)
  assert.equal((await known(other)).length, 0)
})

test('who connects again has one channel, of the new grant', async () => {
  const { someone, id } = await watched()
  await house.connect(someone, { source })
  await house.look(someone)
  const open = await openAtGoogle(someone)
  assert.equal(open.length, 1)
  assert.notEqual(open[0], id)
  assert.deepEqual(
    (await known(someone)).map(row => row.id),
    open,
  )
})

test('who connects another account has no channel left open for the first', async () => {
  const { someone } = await watched()
  const other = await house.person()
  await house.connect({ ...someone, email: other.email }, { source })
  await house.look(someone)
  await until('the first is closed', async () => (await openAtGoogle(someone)).length === 0)
  assert.deepEqual(
    (await known(someone)).map(row => row.id),
    await openAtGoogle(other),
  )
})

test('a person’s export says until when Google tells of changes', async () => {
  const { someone } = await watched()
  const parts = (await house.module.exporter?.collect(someone.id)) ?? []
  const [row] = await known(someone)
  assert.deepEqual(parts.find(({ name }) => name === 'calendar-channels')?.rows, [
    { source, expiresAt: row.expires_at.toISOString() },
  ])
})

test('an address that Google does not take costs nothing but the channel, and is tried again in an hour or two', async () => {
  const elsewhere = await openCalendarHouse({ reachedAt: 'https://elsewhere.example.test' })
  try {
    const someone = await elsewhere.connected()
    await elsewhere.add(someone, 30, 60)
    await elsewhere.look(someone)
    const tried = () => elsewhere.asked('/events/watch')
    assert.equal((await elsewhere.kept(someone)).length, 1)
    assert.equal((await elsewhere.grantRow(someone)).state, 'connected')
    const first = await tried()
    assert.ok(first > 0)
    elsewhere.clock.advance(3_599_000)
    await elsewhere.look(someone)
    assert.equal(await tried(), first)
    elsewhere.clock.advance(3_602_000)
    await elsewhere.look(someone)
    assert.ok((await tried()) > first)
    assert.equal((await elsewhere.grantRow(someone)).state, 'connected')
  } finally {
    await elsewhere.stop()
  }
})

test('an instance that Google cannot reach opens none, and takes no deliveries', async () => {
  const inner = await openCalendarHouse()
  try {
    const someone = await inner.connected()
    await inner.look(someone)
    assert.equal(await inner.asked('/events/watch'), 0)
    assert.equal(await deliver(heard[0] ?? {}, inner), 404)
  } finally {
    await inner.stop()
  }
})
