import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { type Sandbox, startSandbox } from '../index.ts'
import { fieldsOf, listOf, textOf } from '../read.ts'
import { connect, control, refused } from './test-client.ts'

let sandbox: Sandbox
let receiver: Server
let address: string
let now = new Date('2026-10-20T09:30:00Z')
const received: IncomingHttpHeaders[] = []
const answers: number[] = []
const waiting: Array<(headers: IncomingHttpHeaders) => void> = []

const next = (): Promise<IncomingHttpHeaders> =>
  new Promise(resolve => {
    const ready = received.shift()
    if (ready) resolve(ready)
    else waiting.push(resolve)
  })

before(async () => {
  receiver = createServer((req, res) => {
    req.resume().once('end', () => {
      res.writeHead(answers.shift() ?? 200).end()
      const wanted = waiting.shift()
      if (wanted) wanted(req.headers)
      else received.push(req.headers)
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const bound = receiver.address()
  assert.ok(bound !== null && typeof bound === 'object')
  address = `http://127.0.0.1:${bound.port}/hook`
  sandbox = await startSandbox({ auto: true, webhookRetryAfterMs: [1, 1], now: () => now })
})
after(async () => {
  await sandbox.stop()
  receiver.closeAllConnections()
  receiver.close()
})
afterEach(() => assert.equal(received.length, 0, 'nobody was told what nobody asked for'))

const change = (email: string) =>
  control(sandbox.url, `google/${email}/events`, {
    start: '2026-10-21T10:00:00Z',
    end: '2026-10-21T11:00:00Z',
  })

async function watch(email: string, id: string, more: Record<string, unknown> = {}) {
  const connected = await connect(sandbox.url, email)
  const requestBody = { id, type: 'web_hook', address, token: `for ${id}`, ...more }
  const { data } = await connected.api.events.watch({ calendarId: 'primary', requestBody })
  const hello = await next()
  assert.deepEqual([hello['x-goog-resource-state'], hello['x-goog-message-number']], ['sync', '1'])
  return { ...connected, channel: data }
}

test('a watch says hello, then that something changed and not what', async () => {
  const { api, channel } = await watch('ada@example.test', 'one')
  assert.equal(channel.kind, 'api#channel')
  assert.equal(Number(channel.expiration), now.getTime() + 7 * 86_400_000)
  const { data } = await api.events.list({ calendarId: 'primary' })
  await change('ada@example.test')
  const told = await next()
  assert.equal(told['x-goog-resource-state'], 'exists')
  assert.equal(told['x-goog-channel-id'], 'one')
  assert.equal(told['x-goog-channel-token'], 'for one')
  assert.equal(told['x-goog-resource-id'], channel.resourceId)
  assert.equal(told['x-goog-resource-uri'], channel.resourceUri)
  assert.equal(Date.parse(told['x-goog-channel-expiration']?.toString() ?? ''), Number(channel.expiration))
  assert.ok(Number(told['x-goog-message-number']) > 1)
  assert.equal(told['content-length'], '0')
  const syncToken = data.nextSyncToken ?? ''
  assert.equal((await api.events.list({ calendarId: 'primary', syncToken })).data.items?.length, 1)
})

test('a stopped channel is silent, and only its own person stops it', async () => {
  const { api, channel } = await watch('grace@example.test', 'two')
  const requestBody = { id: 'two', resourceId: channel.resourceId ?? '' }
  const other = await connect(sandbox.url, 'other@example.test')
  await assert.rejects(other.api.channels.stop({ requestBody }), refused(404))
  await change('other@example.test')
  assert.equal((await api.channels.stop({ requestBody })).status, 204)
  await assert.rejects(api.channels.stop({ requestBody }), refused(404))
  await change('grace@example.test')
})

test('a channel ends with its time, with the grant, and when a test says so', async () => {
  await watch('time@example.test', 'three', { params: { ttl: '60' } })
  now = new Date(now.getTime() + 60_000)
  await change('time@example.test')
  await watch('ended@example.test', 'four')
  await control(sandbox.url, 'google/ended@example.test/channels/expire', {})
  await change('ended@example.test')
  await watch('left@example.test', 'five')
  await control(sandbox.url, 'google/left@example.test/grants/revoke', {})
  await change('left@example.test')
  await watch('time@example.test', 'three')
})

test('busy receivers are tried again, what is refused is not', async () => {
  await watch('retry@example.test', 'six')
  answers.push(503, 500)
  await change('retry@example.test')
  const numbers = [await next(), await next(), await next()].map(headers => headers['x-goog-message-number'])
  assert.equal(new Set(numbers).size, 1)
  answers.push(404)
  await change('retry@example.test')
  assert.notEqual((await next())['x-goog-message-number'], numbers[0])
  const told = fieldsOf(await control(sandbox.url, 'google/webhooks'))
  const mine = listOf(told.deliveries)
    .map(fieldsOf)
    .filter(entry => textOf(entry.id)?.startsWith('six/'))
  assert.deepEqual(
    mine.map(entry => [entry.event, entry.attempts]),
    [
      ['sync', 1],
      ['exists', 3],
      ['exists', 1],
    ],
  )
})

test('an id is used once, and a message goes to this machine or to this installation only', async () => {
  const { api } = await watch('ids@example.test', 'seven')
  const ask = (more: Record<string, unknown>) =>
    api.events.watch({
      calendarId: 'primary',
      requestBody: { id: 'eight', type: 'web_hook', address, ...more },
    })
  await assert.rejects(ask({ id: 'seven' }), refused(400, 'channelIdNotUnique'))
  await assert.rejects(
    ask({ address: 'http://oo.example.test/hook' }),
    refused(400, 'push.webhookUrlNotHttps'),
  )
  await assert.rejects(
    ask({ address: 'https://elsewhere.example.test/' }),
    refused(401, 'push.webhookUrlUnauthorized'),
  )
  const holidays = 'en.public#holiday@group.v.calendar.google.com'
  const requestBody = { id: 'nine', type: 'web_hook', address }
  await assert.rejects(
    api.events.watch({ calendarId: holidays, requestBody }),
    refused(400, 'pushNotSupportedForRequestedResource'),
  )
  await assert.rejects(ask({ type: 'carrier_pigeon' }), refused(400))
  await assert.rejects(ask({ address: undefined }), refused(400, 'required'))
})
