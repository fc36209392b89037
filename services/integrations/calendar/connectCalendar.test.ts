import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemRandom, transaction } from '@oo/kernel'
import { until } from '@oo/local'
import { grantFor, replaceTokens } from '../store.ts'
import { requestBy, type Someone } from '../testHouse.ts'
import { grantPlace, openVault } from '../vault.ts'
import { type CalendarHouse, openCalendarHouse, source } from './testCalendar.ts'

const scope = 'https://www.googleapis.com/auth/calendar.events.readonly'

let house: CalendarHouse
before(async () => {
  house = await openCalendarHouse()
})
after(() => house.stop())

const live = async (someone: { id: string; email: string; sessionId: string }) =>
  (await house.google<{ live: number }>(someone, 'grants')).live

test('a calendar is connected with the narrowest consent, and read at once', async () => {
  const someone = await house.person()
  await house.add(someone, 30, 60)
  const { away, done } = await house.connect(someone, { source })
  assert.equal(away.searchParams.get('scope'), `openid ${scope}`)
  assert.equal(away.searchParams.get('access_type'), 'offline')
  assert.equal(away.searchParams.get('prompt'), 'consent')
  assert.equal(done.location, '/connect?connected=google-calendar')
  const { consents } = await house.profile.door.wishes(someone.id)
  assert.ok(consents.has('sync') && consents.has('calendar'))
  assert.equal((await house.grantRow(someone)).look_at, null, 'its turn is now')
  const standing = await house.standing(someone)
  assert.equal(standing?.state, 'connected')
  assert.equal(standing?.openTasks, undefined)
})

test('who comes back without having allowed it is told so, and nothing is kept here or there', async () => {
  const someone = await house.person()
  const other = 'https://www.googleapis.com/auth/calendar.freebusy'
  const { done } = await house.connect(someone, {
    source,
    change: away => away.searchParams.set('scope', other),
  })
  assert.equal(done.location, `/connect?problem=unticked&source=${source}`)
  assert.equal(await live(someone), 0)
  assert.equal(await house.grantRow(someone), undefined)
  await house.google(someone, 'ticks', { scopes: [other] })
  const { done: declined } = await house.connect(someone, { source })
  assert.equal(declined.location, `/connect?problem=unticked&source=${source}`)
  assert.equal(await live(someone), 0)
})

test('a grant that does not say whose it is is refused, and nothing is kept here or there', async () => {
  const someone = await house.person()
  const { done } = await house.connect(someone, {
    source,
    change: away => away.searchParams.set('scope', scope),
  })
  assert.equal(done.location, `/connect?problem=away&source=${source}`)
  assert.equal(await live(someone), 0)
  assert.equal(await house.grantRow(someone), undefined)
})

test('a code that somebody else brought home is of no use, with a state and a cookie of one’s own', async () => {
  const [thief, owner] = [await house.person(), await house.person()]
  const { handlers } = house.module
  const begin = async (someone: Someone) => {
    const asked = { params: { id: source }, query: {}, cookies: {} }
    const { location, cookies } = await handlers.connect(requestBy<'connect'>(someone, asked))
    const away = new URL(location ?? '')
    assert.equal(away.searchParams.get('code_challenge_method'), 'S256')
    assert.match(away.searchParams.get('code_challenge') ?? '', /^[\w-]{43}$/)
    away.searchParams.set('login_hint', someone.email)
    const answer = await fetch(away, { redirect: 'manual' })
    const { searchParams } = new URL(answer.headers.get('location') ?? '')
    return { query: Object.fromEntries(searchParams), cookies: { oo_connect: cookies?.[0]?.value } }
  }
  const [theirs, own] = [await begin(owner), await begin(thief)]
  const query = { ...own.query, ...(theirs.query.code && { code: theirs.query.code }) }
  const asked = { params: { id: source }, query, cookies: own.cookies }
  const done = await handlers.connectCallback(requestBy<'connectCallback'>(thief, asked))
  assert.equal(done.location, `/connect?problem=expired&source=${source}`)
  assert.equal(await house.grantRow(thief), undefined)
})

const handedBack = () => house.rows(`SELECT FROM integrations.revocations WHERE provider = $1`, [source])

async function connectsAgain(someone: Someone) {
  await house.connect(someone, { source })
  assert.equal((await handedBack()).length, 0)
  await house.add(someone, 30, 60)
  await house.look(someone)
  assert.equal((await house.kept(someone)).length, 1)
}

test('connecting again does not end the new grant with the old one', async () => {
  await connectsAgain(await house.connected())
})

test('connecting another account ends the access to the first, and the other one works', async () => {
  const first = await house.connected()
  const other = { ...(await house.person()), id: first.id }
  await house.connect({ ...other, sessionId: first.sessionId }, { source })
  await until('the first was handed back', async () => (await handedBack()).length === 0)
  assert.equal(await live(first), 0)
  assert.equal(await live(other), 1)
  await house.add(other, 30, 60)
  await house.look(first)
  assert.equal((await house.kept(first)).length, 1)
})

test('a grant from before accounts had names is taken for the same account, once', async () => {
  const someone = await house.connected()
  const vault = openVault(house.settings.keyring, systemRandom)
  const grant = await grantFor(house.db, someone.id, source)
  assert.ok(grant)
  const nameless = { ...vault.open(grant, grantPlace(grant)), account: 'f'.repeat(32) }
  await transaction(house.db, tx => replaceTokens(tx, grant, vault.seal(nameless, grantPlace(grant))))
  await connectsAgain(someone)
  const other = await house.person()
  await house.connect({ ...someone, email: other.email }, { source })
  await until('the first was handed back', async () => (await handedBack()).length === 0)
  assert.deepEqual([await live(someone), await live(other)], [0, 1])
})

test('a refused access token is refreshed, a revoked grant says: connect again', async () => {
  const someone = await house.connected()
  await house.google(someone, 'grants/expire', {})
  await house.add(someone, 30, 60)
  await house.look(someone)
  assert.equal((await house.kept(someone)).length, 1)
  await house.google(someone, 'grants/revoke', {})
  await house.look(someone)
  const standing = await house.standing(someone)
  assert.equal(standing?.state, 'reconnect')
  assert.match(standing?.message ?? '', /Google Calendar no longer lets oO in. Connect it again./)
  assert.deepEqual(await house.busy(someone, 61), { busy: null, freeMin: null })
  await house.connect(someone, { source })
  await house.look(someone)
  assert.equal((await house.standing(someone))?.state, 'connected')
})

test('every end deletes what was kept: disconnecting, either consent withdrawn, the account erased', async () => {
  const ends: ((someone: Awaited<ReturnType<typeof house.person>>) => Promise<unknown>)[] = [
    someone => house.disconnect(someone, source),
    someone => house.withdraw(someone, 'sync'),
    someone => house.withdraw(someone, 'calendar'),
    house.erase,
  ]
  for (const end of ends) {
    const someone = await house.connected()
    await house.add(someone, -10, 60)
    await house.look(someone)
    assert.equal((await house.busy(someone)).busy, true)
    await end(someone)
    await house.events.drain()
    assert.deepEqual(await house.kept(someone), [])
    assert.equal(await house.calendarRow(someone), undefined)
    assert.deepEqual(await house.busy(someone), { busy: null, freeMin: null })
    await house.look(someone)
    assert.deepEqual(await house.kept(someone), [])
  }
})

test('disconnecting hands the grant back to Google', async () => {
  const someone = await house.connected()
  assert.equal(await live(someone), 1)
  await house.disconnect(someone, source)
  const [pending] = await house.rows(`SELECT id FROM integrations.revocations WHERE provider = $1`, [source])
  const job = house.module.jobs?.find(({ name }) => name === 'revoke-grant')
  if (pending) await job?.run({ revocationId: pending.id }, AbortSignal.timeout(10_000))
  assert.equal(await live(someone), 0)
})

test('a person’s export says when oO thinks they are busy', async () => {
  const someone = await house.connected()
  await house.add(someone, 30, 60)
  await house.look(someone)
  const parts = (await house.module.exporter?.collect(someone.id)) ?? []
  const part = parts.find(({ name }) => name === 'busy-times')
  assert.deepEqual(part?.rows, [
    { source, from: house.at(30).toISOString(), until: house.at(60).toISOString(), allDay: false },
  ])
})

test('no word of an appointment reaches the database, though a word that is put there is found', async () => {
  const someone = await house.connected()
  const words = ['Marzipanoperation', 'Quittenzimmer', 'kollegin-zimtstern@example.test']
  await house.add(someone, 30, 60, {
    summary: words[0],
    location: words[1],
    description: words[0],
    attendees: [{ email: words[2], responseStatus: 'accepted' }],
  })
  await house.look(someone)
  await house.events.drain()
  assert.equal((await house.kept(someone)).length, 1)
  assert.deepEqual(await house.found([...words, someone.email]), [])
  await house.rows(
    `INSERT INTO integrations.busy_times VALUES (gen_random_uuid(), '', $1, now(), now(), false)`,
    [Buffer.from(`a fingerprint with ${words[0]}`)],
  )
  assert.deepEqual(await house.found(words), [words[0]])
})
