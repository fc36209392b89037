import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { createDoor, type Page } from './index.ts'
import { api, close, closeAll, listen, nobody, send } from './servers.ts'

after(closeAll)
const page: Page = (_, response) => response.end('page')
const door = (apiUrl: URL, totalMs = 5_000) =>
  listen(createDoor(apiUrl, page, { deadlines: { connectMs: 500, totalMs, retryAfterMs: 20 } }))

test('the api sees the original host, the chain of addresses and no header of the connection', async () => {
  const apiUrl = await api((request, response) => response.end(JSON.stringify(request.headers)))
  const answer = await send(new URL('/api/x?y=1', await door(apiUrl)), {
    headers: {
      host: 'oo.example',
      'x-forwarded-for': '203.0.113.9',
      connection: 'x-private',
      'x-private': '1',
    },
  })
  const seen = JSON.parse(await answer.text())
  assert.equal(seen.host, 'oo.example')
  assert.equal(seen['x-forwarded-for'], '203.0.113.9, 127.0.0.1')
  assert.equal(seen['x-forwarded-proto'], 'http')
  assert.equal(seen['x-private'], undefined)
})

test('status, cookies and redirects of the api arrive unchanged', async () => {
  const apiUrl = await api((_, response) =>
    response
      .writeHead(302, { location: '/connect', 'set-cookie': ['sid=1; HttpOnly', 'flow=; Max-Age=0'] })
      .end(),
  )
  const answer = await send(new URL('/api/auth/callback/demo', await door(apiUrl)))
  assert.equal(answer.statusCode, 302)
  assert.equal(answer.headers.location, '/connect')
  assert.deepEqual(answer.headers['set-cookie'], ['sid=1; HttpOnly', 'flow=; Max-Age=0'])
})

test('a body of 20 MB passes whole, both ways', async () => {
  const apiUrl = await api((request, response) => request.pipe(response))
  const body = Buffer.alloc(20_000_000, 'oO')
  const answer = await send(new URL('/api/echo', await door(apiUrl)), { method: 'POST', body })
  const digest = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
  assert.equal(digest(await answer.text()), digest(body))
})

test('an api that refuses a large body early is heard', async () => {
  const apiUrl = await api((_, response) => response.writeHead(413).end('too large'))
  const answer = await send(new URL('/api/x', await door(apiUrl)), {
    method: 'POST',
    body: Buffer.alloc(5_000_000),
  })
  assert.equal(answer.statusCode, 413)
  assert.equal(await answer.text(), 'too large')
})

test('events arrive one by one while the stream stays open, past the total deadline', async () => {
  const heard = Promise.withResolvers<void>()
  const apiUrl = await api(async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    await heard.promise
    setTimeout(() => response.end('data: 2\n\n'), 150)
  })
  const answer = await send(new URL('/api/tips/stream', await door(apiUrl, 100)))
  const events: string[] = []
  for await (const chunk of answer) {
    events.push(String(chunk))
    heard.resolve()
  }
  assert.deepEqual(events, ['data: 1\n\n', 'data: 2\n\n'])
})

test('an api that is away is a sentence with 503', async () => {
  const answer = await send(new URL('/api/profile', await door(await nobody())), { method: 'POST' })
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  assert.equal(answer.headers['retry-after'], '1')
  const problem = JSON.parse(await answer.text())
  assert.equal(problem.code, 'api_away')
  assert.match(problem.title, /Try again in a moment\.$/)
})

test('a GET meets an api that comes back between two tries', async () => {
  const apiUrl = await nobody()
  const doorUrl = await listen(
    createDoor(apiUrl, page, { deadlines: { connectMs: 500, totalMs: 5_000, retryAfterMs: 300 } }),
  )
  const pending = send(new URL('/api/profile', doorUrl))
  const late = createServer((_, response) => response.end('back'))
  await new Promise<void>(resolve =>
    setTimeout(() => late.listen(Number(apiUrl.port), '127.0.0.1', resolve), 100),
  )
  assert.equal(await (await pending).text(), 'back')
  await close(late)
})

test('an api that never answers ends at the total deadline', async () => {
  const answer = await send(new URL('/api/slow', await door(await api(() => undefined), 60)))
  assert.equal(answer.statusCode, 503)
  assert.equal(JSON.parse(await answer.text()).code, 'api_late')
})

test('an api that resets or talks garbage is 502; an answer that breaks off is cut, never padded', async () => {
  const resets = await api(request => request.socket.resetAndDestroy())
  assert.equal((await send(new URL('/api/x', await door(resets)), { method: 'POST' })).statusCode, 502)
  const garbage = await api(request => request.socket.end('not http\r\n\r\n'))
  assert.equal((await send(new URL('/api/x', await door(garbage)), { method: 'POST' })).statusCode, 502)
  const breaks = await api((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half')
    response.socket?.end()
  })
  const answer = await send(new URL('/api/x', await door(breaks)))
  await assert.rejects(answer.text(), { code: 'ECONNRESET' })
})

test('a person who leaves ends the call to the api', async () => {
  const left = Promise.withResolvers<void>()
  const apiUrl = await api((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    request.socket.once('close', () => left.resolve())
  })
  const answer = await send(new URL('/api/tips/stream', await door(apiUrl)))
  answer.destroy()
  await left.promise
})

test('every page carries a fresh nonce and the security headers; HSTS only behind https', async () => {
  const doorUrl = await door(await nobody())
  const [first, second] = await Promise.all([
    send(doorUrl),
    send(doorUrl, { headers: { 'x-forwarded-proto': 'https' } }),
  ])
  const nonce = (value: unknown) => /script-src 'nonce-([^']+)' 'strict-dynamic'/.exec(String(value))?.[1]
  const policies = [first, second].map(answer => answer.headers['content-security-policy'])
  assert(nonce(policies[0]))
  assert.notEqual(nonce(policies[0]), nonce(policies[1]))
  assert.doesNotMatch(String(policies[0]), /unsafe/)
  assert.equal(first.headers['x-content-type-options'], 'nosniff')
  assert.equal(first.headers['referrer-policy'], 'no-referrer')
  assert.equal(first.headers['cross-origin-opener-policy'], 'same-origin')
  assert.equal(first.headers['strict-transport-security'], undefined)
  assert.match(String(second.headers['strict-transport-security']), /max-age/)
})

test('health answers without the api', async () => {
  const answer = await send(new URL('/health', await door(await nobody())))
  assert.equal(answer.statusCode, 200)
  assert.equal(await answer.text(), '{"status":"ok"}')
})
