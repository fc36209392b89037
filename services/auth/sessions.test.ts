import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type Tx, transaction } from '@oo/kernel'
import { arrive } from './arrive.ts'
import type { AuthCtx } from './context.ts'
import { deviceOf } from './device.ts'
import { seedAdmin } from './store/people.ts'
import { newcomer, signedIn } from './testPeople.ts'
import { ask, openWorld } from './testWorld.ts'

const world = await openWorld()
after(() => world.close())
beforeEach(() => world.empty())

const day = 86_400_000

test('a session ends after 30 idle days, and lives on while it is used', async () => {
  const auth = world.start()
  const { sid } = await signedIn(world, auth, await newcomer(world, auth))
  for (const days of [29, 29, 29]) {
    world.clock.advance(days * day)
    assert.ok(await auth.door.authenticate(sid))
  }
  world.clock.advance(30 * day + 1)
  assert.equal(await auth.door.authenticate(sid), null)
})

test('a session ends after 180 days, however much it is used', async () => {
  const auth = world.start()
  const { sid } = await signedIn(world, auth, await newcomer(world, auth))
  for (let days = 0; days < 171; days += 19) {
    world.clock.advance(19 * day)
    assert.ok(await auth.door.authenticate(sid))
  }
  world.clock.advance(9 * day)
  assert.equal(await auth.door.authenticate(sid), null)
})

test('when it was last seen is written at most once in five minutes', async () => {
  const auth = world.start()
  const { sid } = await signedIn(world, auth, await newcomer(world, auth))
  const seen = async () => {
    assert.ok(await auth.door.authenticate(sid))
    const { rows } = await world.db.$client.query('SELECT last_seen_at, xmin::text FROM auth.sessions')
    return rows[0]
  }
  const first = await seen()
  world.clock.advance(299_000)
  assert.deepEqual(await seen(), first)
  world.clock.advance(1_000)
  const later = await seen()
  assert.equal(later.last_seen_at.getTime() - first.last_seen_at.getTime(), 300_000)
})

test('a session ended elsewhere holds for a second at most; one ended here ends at once', async () => {
  const [here, elsewhere] = [world.start(), world.start()]
  const personId = await newcomer(world, here)
  const { sid } = await signedIn(world, here, personId)
  const actor = await here.door.authenticate(sid)
  assert.ok(await elsewhere.door.authenticate(sid))
  assert.ok(actor)
  const ended = await ask(here, 'endSession', { actor, params: { id: actor.sessionId } })
  assert.deepEqual(ended, { status: 204, cookies: [{ name: 'sid', value: '', maxAgeSeconds: 0 }] })
  assert.equal(await here.door.authenticate(sid), null)
  world.clock.advance(1_000)
  assert.equal(await elsewhere.door.authenticate(sid), null)
})

test('a session read just before it was revoked is not remembered after', () => {
  const { sessionMemory } = world.start().own
  const actor = { sessionId: 's', personId: 'p', role: 'person' as const }
  const read = { since: sessionMemory.revocations(), expiresAt: new Date('2100-01-01') }
  sessionMemory.keep('hash', actor, read)
  assert.equal(sessionMemory.find('hash'), actor)
  sessionMemory.dropPerson('p')
  sessionMemory.keep('hash', actor, read)
  assert.equal(sessionMemory.find('hash'), undefined)
})

test('a newcomer who arrives several times at the same moment is one person', async () => {
  const auth = world.start()
  const ids = await Promise.all([1, 2, 3, 4].map(() => newcomer(world, auth, { subject: 'same' })))
  assert.equal(new Set(ids).size, 1)
  assert.equal(await world.count('auth.people'), 1)
  assert.equal(world.welcomed.length, 1)
})

test("someone else's session, and one that is gone, look like none", async () => {
  const auth = world.start()
  const mine = await signedIn(world, auth, await newcomer(world, auth))
  const theirs = await signedIn(world, auth, await newcomer(world, auth))
  const [me, them] = [await auth.door.authenticate(mine.sid), await auth.door.authenticate(theirs.sid)]
  assert.ok(me && them)
  for (const id of [them.sessionId, '00000000-0000-7000-8000-000000000000'])
    await assert.rejects(ask(auth, 'endSession', { actor: me, params: { id } }), { status: 404 })
  assert.ok(await auth.door.authenticate(theirs.sid))
})

test('a person sees where they are signed in, newest first, and signs out everywhere', async () => {
  const auth = world.start()
  const personId = await newcomer(world, auth)
  await signedIn(world, auth, await newcomer(world, auth))
  const old = await signedIn(world, auth, personId, 'Chrome on Android')
  world.clock.advance(60_000)
  const current = await signedIn(world, auth, personId)
  const actor = await auth.door.authenticate(current.sid)
  assert.ok(actor)
  const { body } = await ask(auth, 'listSessions', { actor })
  assert.ok(body && 'sessions' in body)
  assert.deepEqual(
    body.sessions.map(({ current, device }) => ({ current, device })),
    [
      { current: true, device: 'Firefox on Linux' },
      { current: false, device: 'Chrome on Android' },
    ],
  )
  await ask(auth, 'endAllSessions', { actor })
  for (const { sid } of [old, current]) assert.equal(await auth.door.authenticate(sid), null)
  assert.equal(await world.count('auth.sessions'), 1)
})

test('signing out twice is signing out; the cookie goes each time', async () => {
  const auth = world.start()
  const { sid } = await signedIn(world, auth, await newcomer(world, auth))
  for (const cookies of [{ sid }, { sid }, {}, { sid: 'nonsense' }]) {
    const answer = await ask(auth, 'logout', { cookies })
    assert.deepEqual(answer.cookies, [{ name: 'sid', value: '', maxAgeSeconds: 0 }])
  }
  assert.equal(await auth.door.authenticate(sid), null)
})

test('no cookie, a made-up one and an overlong one belong to nobody', async () => {
  const auth = world.start()
  for (const sid of [undefined, '', 'x'.repeat(43), 'x'.repeat(5_000), "' OR 1=1 --"])
    assert.equal(await auth.door.authenticate(sid), null)
})

test('expired sessions are removed when somebody signs in', async () => {
  const auth = world.start()
  const personId = await newcomer(world, auth)
  await signedIn(world, auth, personId)
  world.clock.advance(31 * day)
  await signedIn(world, auth, personId)
  assert.equal(await world.count('auth.sessions'), 1)
})

test('a device is two words, whatever the browser says about itself', () => {
  const known: [string, string][] = [
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604',
      'Safari on iPhone',
    ],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0', 'Edge on Windows'],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140.0 Mobile Safari/537', 'Chrome on Android'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605', 'Safari on Mac'],
    ['curl/8.0 <script>', 'Unknown device'],
    ['', 'Unknown device'],
  ]
  for (const [agent, label] of known) assert.equal(deviceOf(agent), label)
})

test('the first admin is named once: by a verified address, while there is none, and never later', async () => {
  const auth = world.start({ adminSeedEmail: ' Boss@Example.test ' })
  const roleOf = async (who: { email: string; emailVerified: boolean; subject: string }) => {
    const personId = await newcomer(world, auth, who)
    const { sid } = await signedIn(world, auth, personId)
    return (await auth.door.authenticate(sid))?.role
  }
  const boss = { email: 'bOSS@example.test', emailVerified: true }
  assert.equal(await roleOf({ ...boss, emailVerified: false, subject: 'liar' }), 'person')
  assert.equal(await roleOf({ ...boss, email: 'someone@example.test', subject: 'other' }), 'person')
  assert.equal(await roleOf({ ...boss, subject: 'boss' }), 'admin')
  assert.equal(await roleOf({ ...boss, subject: 'second' }), 'person')
  await world.db.$client.query("DELETE FROM auth.people WHERE role = 'admin'")
  assert.equal(await roleOf({ ...boss, subject: 'third' }), 'person')
})

test('someone who was here before becomes the first admin at their next sign-in', async () => {
  const auth = world.start({ adminSeedEmail: 'boss@example.test' })
  const before = await newcomer(world, world.start(), { email: 'boss@example.test', subject: 'boss' })
  const after = await newcomer(world, auth, { email: 'boss@example.test', subject: 'boss' })
  assert.equal(before, after)
  assert.equal(await world.count('auth.people', "role = 'admin'"), 1)
})

test('two people who claim the seed at the same moment make one admin', async () => {
  const auth = world.start()
  const [one, other] = [await newcomer(world, auth), await newcomer(world, auth)]
  const seed = (tx: Tx, personId: string) => seedAdmin(tx, personId, world.clock.now())
  const second = await transaction(world.db, async tx => {
    assert.equal(await seed(tx, one), true)
    const waiting = transaction(world.db, late => seed(late, other))
    for (let looks = 0; (await world.count('pg_locks', 'NOT granted')) === 0; looks += 1)
      assert.ok(looks < 2_000, 'the second claim does not wait for the first')
    return { waiting }
  })
  assert.equal(await second.waiting, false)
  assert.equal(await world.count('auth.people', "role = 'admin'"), 1)
})

test('an identity is issuer and subject: the same address elsewhere is somebody else', async () => {
  const auth = world.start()
  const own: AuthCtx = auth.own
  const arriveAs = (issuer: string) =>
    transaction(world.db, tx =>
      arrive(own, tx, {
        issuer,
        subject: '1',
        name: '',
        email: 'ada@example.test',
        emailVerified: true,
        provider: 'demo',
      }),
    )
  const [one, other] = [await arriveAs('https://one.test'), await arriveAs('https://other.test')]
  assert.ok(!one.beingDeleted && !other.beingDeleted)
  assert.notEqual(one.personId, other.personId)
})
