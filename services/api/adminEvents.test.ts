import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { origin, type Person, startInstance } from './testInstance.ts'

const token = randomBytes(32).toString('hex')
let instance: Awaited<ReturnType<typeof startInstance>>
let admin: Person
before(async () => {
  instance = await startInstance({ settings: { adminToken: token } })
  admin = instance.stranger()
  assert.equal((await admin.send('POST', '/api/auth/token', { token })).status, 204)
})
after(() => instance.stop())

interface Shown {
  id: string
  subject: string
  personId: string | null
}
const events = async (query = ''): Promise<Shown[]> => {
  const { status, body } = await admin.get(`/api/admin/events${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.events as Shown[]
}

test('the log, its dead letters and replays are for admins only', async () => {
  const someone = await instance.signIn('curious@example.test')
  const id = '0199aaaa-0000-7000-8000-000000000001'
  for (const path of ['events', 'events/dead', 'events/stream'])
    assert.equal((await someone.get(`/api/admin/${path}`)).status, 403, path)
  for (const path of ['events/replay', `events/${id}/replay`])
    assert.equal((await someone.send('POST', `/api/admin/${path}`, { dryRun: true })).status, 403, path)
})

test('an admin lists the log, filters it and replays one event without a second effect', async () => {
  await instance.signIn('listed@example.test')
  const [created] = await events('?subject=account.created&limit=1')
  assert.ok(created?.personId)
  const theirs = await events(`?personId=${created.personId}`)
  assert.ok(theirs.every(event => event.personId === created.personId))
  const replayed = await admin.send('POST', `/api/admin/events/${created.id}/replay`, { dryRun: true })
  assert.equal(replayed.status, 200, JSON.stringify(replayed.body))
  assert.equal(replayed.body.events, 1)
  const time = { from: '2020-01-01T00:00:00Z', to: '2090-01-01T00:00:00Z' }
  const range = await admin.send('POST', '/api/admin/events/replay', { ...time, dryRun: false })
  assert.equal(range.status, 200, JSON.stringify(range.body))
  const dead = await admin.get('/api/admin/events/dead')
  assert.deepEqual(dead.body, { dead: [] })
  const wrong = await admin.send('POST', '/api/admin/events/replay', { ...time, to: time.from, dryRun: true })
  assert.equal(wrong.status, 422)
  for (const wrong of ['?before=x', '?subject=a%00b', `/dead?before=1.${'-'.repeat(36)}.x`])
    assert.equal((await admin.get(`/api/admin/events${wrong}`)).status, 400, wrong)
})

test('the live tail shows an event as it happens and ends within a second of signing out', async () => {
  const watcher = instance.stranger()
  await watcher.send('POST', '/api/auth/token', { token })
  const address = instance.api.app.server.address()
  assert.ok(address && typeof address === 'object')
  const asked = request({
    port: address.port,
    host: '127.0.0.1',
    path: '/api/admin/events/stream?subject=account.created',
    headers: { host: new URL(origin).host, cookie: `sid=${watcher.sid()}` },
    agent: false,
  }).end()
  const [answer] = await once(asked, 'response', { signal: AbortSignal.timeout(5_000) })
  assert.equal(answer.statusCode, 200)
  let heard = ''
  answer.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  await instance.signIn('live@example.test')
  while (!heard.includes('account.created'))
    await once(answer, 'data', { signal: AbortSignal.timeout(5_000) })
  assert.match(heard, /id: [0-9a-f-]{36}\ndata: \{"event":\{.*"payload":\{"provider":"demo"\}/)
  const ended = once(answer, 'close', { signal: AbortSignal.timeout(5_000) })
  const signedOutAt = performance.now()
  await watcher.send('POST', '/api/auth/logout', {})
  await ended
  assert.ok(performance.now() - signedOutAt < 1_000)
})

test('the metrics tell how far behind each subscriber is', async () => {
  const { raw } = await admin.get('/metrics')
  const text = raw.toString()
  for (const name of ['events_lag_seconds', 'events_lag', 'events_held', 'events_dead'])
    assert.match(text, new RegExp(`^oo_${name}\\{subscriber="recommender.withdraw"\\} \\d`, 'm'), name)
  assert.match(text, /^oo_events_partitions \d+/m)
})
