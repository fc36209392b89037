import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { openLog, Problem } from '@oo/kernel'
import { createAuth } from './index.ts'
import { ask, openWorld } from './testWorld.ts'

const world = await openWorld()
const adminToken = 'the token of the tests, 32 chars or more'
after(() => world.close())
beforeEach(() => world.empty())

type Auth = Pick<ReturnType<typeof world.start>, 'module' | 'door'>

const send = (auth: Auth, token: string, sid?: string) =>
  ask(auth, 'tokenSignIn', { body: { token }, cookies: { sid } })
const refused = (status: number, retryAfterSeconds?: number) => (error: unknown) => {
  assert.ok(error instanceof Problem)
  assert.deepEqual([error.status, error.retryAfterSeconds], [status, retryAfterSeconds])
  return true
}

test('without ADMIN_TOKEN the form is off, and says so', async () => {
  const auth = world.start()
  await assert.rejects(send(auth, adminToken), refused(404))
  const listed = await ask(auth, 'listProviders')
  assert.deepEqual(listed.body, { providers: [], token: false })
})

test('the right token signs in an admin without a person, for 24 hours, in place of the old session', async () => {
  const auth = world.start({ adminToken })
  const first = (await send(auth, adminToken)).cookies?.[0]
  assert.equal(first?.maxAgeSeconds, 86_400)
  const actor = await auth.door.authenticate(first?.value)
  assert.deepEqual(actor && { ...actor, sessionId: '' }, { sessionId: '', personId: null, role: 'admin' })
  const second = (await send(auth, adminToken, first?.value)).cookies?.[0]
  assert.equal(await auth.door.authenticate(first?.value), null)
  world.clock.advance(86_399_000)
  assert.ok(await auth.door.authenticate(second?.value))
  world.clock.advance(1_000)
  assert.equal(await auth.door.authenticate(second?.value), null)
})

test('five wrong tokens within a minute lock the form for a minute, for the right token too', async () => {
  const auth = world.start({ adminToken })
  for (const wrong of ['a', '', adminToken.slice(1), `${adminToken}x`, 'é'.repeat(600)])
    await assert.rejects(send(auth, wrong), refused(401))
  await assert.rejects(send(auth, adminToken), refused(429, 60))
  world.clock.advance(59_001)
  await assert.rejects(send(auth, adminToken), refused(429, 1))
  world.clock.advance(999)
  assert.equal((await send(auth, adminToken)).status, 204)
})

test('wrong tokens that are spread over time lock nobody out', async () => {
  const auth = world.start({ adminToken })
  for (let i = 0; i < 12; i += 1) {
    await assert.rejects(send(auth, 'wrong'), refused(401))
    world.clock.advance(15_001)
  }
})

test('a wrong token is logged as a warning, without the token', async () => {
  const lines: string[] = []
  const log = openLog('test', { destination: { write: line => void lines.push(line) } })
  const ctx = { ...world.ctx, log }
  const settings = { ...world.start({ adminToken }).own.settings }
  const auth = createAuth(ctx, settings, { welcome: async () => {}, erasers: () => [] })
  for (let i = 0; i < 5; i += 1) await assert.rejects(send(auth, 'a guess that is wrong'))
  assert.equal(lines.length, 5)
  assert.match(lines[4] ?? '', /"level":"warn".*locked for a minute/)
  assert.ok(!lines.join().includes('guess') && !lines.join().includes(adminToken))
})
