import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Problem } from '@oo/kernel'
import { until } from '@oo/local'
import { type House, openHouse, requestBy } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

describe('connecting Todoist', () => {
  test('away and back: a sealed grant, the consent, the event, and the tasks are there', async () => {
    const ada = await house.person('demo@example.test')
    const { begun, away, done } = await house.connect(ada)
    assert.equal(begun.status, 302)
    assert.equal(
      away.searchParams.get('redirect_uri'),
      'http://localhost:3000/api/integrations/todoist/callback',
    )
    assert.equal(begun.cookies?.[0]?.maxAgeSeconds, 600)
    assert.equal(done.location, '/connect?connected=todoist')
    assert.deepEqual(
      done.cookies?.map(({ name, value, maxAgeSeconds }) => [name, value, maxAgeSeconds]),
      [['oo_connect', '', 0]],
    )
    assert.ok((await house.profile.door.wishes(ada.id)).consents.has('sync'))
    const kinds = await house.rows('SELECT subject FROM events.log WHERE person_id = $1 ORDER BY seq', [
      ada.id,
    ])
    assert.deepEqual(
      kinds.map(row => row.subject),
      ['profile.consent.changed', 'account.source.connected'],
    )
    const row = await house.list(ada)
    assert.equal(row.state, 'connected')
    assert.ok((row.openTasks ?? 0) > 20)
    assert.equal(row.connectedAt, house.clock.now().toISOString())
    assert.equal(row.message, undefined)
  })

  test('`next` is kept when it is a path of ours, and nothing else', async () => {
    const good = await house.connect(await house.person(), { next: '/you?x=1' })
    assert.equal(good.done.location, '/you?x=1')
    const evil = await house.connect(await house.person(), { next: '//evil.example/x' })
    assert.equal(evil.done.location, '/connect?connected=todoist')
  })

  test('a state comes back once, to the person and session that began it, within 10 minutes', async () => {
    const ada = await house.person()
    const eve = await house.person()
    const callback = async (
      someone: typeof ada,
      change: { query?: object; cookie?: string | undefined } = {},
    ) => {
      const { cookies, query } = first
      const cookie = 'cookie' in change ? change.cookie : cookies.oo_connect
      const answer = await house.module.handlers.connectCallback(
        requestBy<'connectCallback'>(someone, {
          params: { id: 'todoist' },
          query: { ...query, ...change.query },
          cookies: { oo_connect: cookie },
        }),
      )
      return answer.location
    }
    const first = await house.connect(ada)
    assert.equal(first.done.location, '/connect?connected=todoist')
    const expired = '/connect?problem=expired&source=todoist'
    assert.equal(await callback(ada), expired, 'used already')
    assert.equal(await callback(eve), expired, 'another person')
    assert.equal(await callback({ ...ada, sessionId: eve.sessionId }), expired, 'another session')
    assert.equal(await callback(ada, { cookie: undefined }), expired, 'no cookie')
    assert.equal(await callback(ada, { cookie: 'AAAA' }), expired, 'not a cookie of ours')
    const again = await house.module.handlers.connect(
      requestBy<'connect'>(ada, { params: { id: 'todoist' }, query: {}, cookies: {} }),
    )
    const cookie = again.cookies?.[0]?.value
    assert.equal(await callback(ada, { cookie }), expired, 'another state')
    const state = new URL(again.location ?? '').searchParams.get('state') ?? ''
    assert.equal(
      await callback(ada, { cookie, query: { state, code: 'nonsense' } }),
      expired,
      'a code that is none',
    )
    const late = await house.module.handlers.connect(
      requestBy<'connect'>(ada, { params: { id: 'todoist' }, query: {}, cookies: {} }),
    )
    const lateState = new URL(late.location ?? '').searchParams.get('state') ?? ''
    house.clock.advance(600_001)
    const lateCookie = late.cookies?.[0]?.value
    assert.equal(
      await callback(ada, { cookie: lateCookie, query: { state: lateState } }),
      expired,
      'too late',
    )
    assert.equal(
      (await house.rows('SELECT 1 FROM integrations.grants WHERE person_id = $1', [eve.id])).length,
      0,
    )
  })

  test('begun in two windows, the later one connects although the earlier one came back before it', async () => {
    const ada = await house.person()
    const { handlers } = house.module
    const begin = async () => {
      const known = { params: { id: 'todoist' }, query: {}, cookies: {} }
      const { cookies, location } = await handlers.connect(requestBy<'connect'>(ada, known))
      const answer = await fetch(location ?? '', { redirect: 'manual' })
      const back = new URL(answer.headers.get('location') ?? '')
      return { cookie: cookies?.[0]?.value, query: Object.fromEntries(back.searchParams) }
    }
    const [earlier, later] = [await begin(), await begin()]
    const comeBack = (query: object) => {
      const asked = { params: { id: 'todoist' }, query, cookies: { oo_connect: later.cookie } }
      return handlers.connectCallback(requestBy<'connectCallback'>(ada, asked))
    }
    const refused = await comeBack(earlier.query)
    assert.equal(refused.location, '/connect?problem=expired&source=todoist')
    assert.deepEqual(refused.cookies ?? [], [], 'the cookie of the later one stays')
    const done = await comeBack(later.query)
    assert.equal(done.location, '/connect?connected=todoist')
    assert.equal(done.cookies?.[0]?.maxAgeSeconds, 0)
  })

  test('declining, and a provider that is away, are said so and leave nothing behind', async () => {
    const ada = await house.person()
    const begin = async () => {
      const begun = await house.module.handlers.connect(
        requestBy<'connect'>(ada, { params: { id: 'todoist' }, query: {}, cookies: {} }),
      )
      const state = new URL(begun.location ?? '').searchParams.get('state') ?? ''
      return { cookies: { oo_connect: begun.cookies?.[0]?.value }, state }
    }
    const answer = async (query: object, cookies: { oo_connect: string | undefined }) =>
      (
        await house.module.handlers.connectCallback(
          requestBy<'connectCallback'>(ada, { params: { id: 'todoist' }, query, cookies }),
        )
      ).location
    const one = await begin()
    assert.equal(
      await answer({ error: 'access_denied', state: one.state }, one.cookies),
      '/connect?problem=declined&source=todoist',
    )
    const two = await begin()
    assert.equal(
      await answer({ error: 'access_denied' }, two.cookies),
      '/connect?problem=declined&source=todoist',
    )
    const three = await begin()
    await house.fault('500')
    assert.equal(
      await answer({ code: 'x', state: three.state }, three.cookies),
      '/connect?problem=away&source=todoist',
    )
    await house.fault('none')
    assert.equal((await house.list(ada)).state, 'disconnected')
    assert.equal((await house.profile.door.wishes(ada.id)).consents.has('sync'), false)
  })

  test('a second connection replaces the first, whose grant ends at the provider', async () => {
    const ada = await house.person()
    await house.connect(ada)
    await house.connect(ada)
    await until('the old grant was revoked', async () => (await house.liveGrants(ada)) === 1)
    assert.equal(
      (await house.rows('SELECT 1 FROM integrations.grants WHERE person_id = $1', [ada.id])).length,
      1,
    )
    assert.equal((await house.list(ada)).state, 'connected')
  })

  test('an unknown app is a 404 on every operation; one without credentials says so', async () => {
    const ada = await house.person()
    const { handlers } = house.module
    const unknown = { params: { id: 'no-such-app' }, query: {}, cookies: {} }
    const is404 = (error: unknown) => error instanceof Problem && error.status === 404
    await assert.rejects(handlers.connect(requestBy<'connect'>(ada, unknown)), is404)
    await assert.rejects(handlers.connectCallback(requestBy<'connectCallback'>(ada, unknown)), is404)
    await assert.rejects(house.disconnect(ada, 'no-such-app'), is404)
    const bare = house.withoutTodoist()
    assert.equal((await house.list(ada, bare)).state, 'unavailable')
    const known = requestBy<'connect'>(ada, { params: { id: 'todoist' }, query: {}, cookies: {} })
    await assert.rejects(
      bare.module.handlers.connect(known),
      (error: unknown) => error instanceof Problem && error.code === 'source_unavailable',
    )
  })
})
