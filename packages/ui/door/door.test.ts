import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { createDoor, type Page } from './index.ts'
import { api, close, closeAll, listen, nobody, send } from './servers.ts'

after(closeAll)
const page: Page = (_, response) => response.end('page')
const deadlines = { connectMs: 500, totalMs: 5_000, bodyMs: 5_000, patienceMs: 100 }
const door = (apiUrl: URL, more: Partial<typeof deadlines> = {}) =>
  listen(createDoor(apiUrl, page, { deadlines: { ...deadlines, ...more } }))

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
  const answer = await send(new URL('/api/tips/stream', await door(apiUrl, { totalMs: 100 })))
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

/** Answers its first visitors by hanging up, as an api that is killed does; counts everyone who came. */
async function restarting(hangUps: number, hangUp = (request: IncomingMessage) => request.socket.destroy()) {
  const came: string[] = []
  const url = await api((request, response) => {
    came.push(`${request.method} ${request.headers['idempotency-key'] ?? ''}`)
    if (came.length <= hangUps) hangUp(request)
    else request.pipe(response)
  })
  return { url, came }
}

const keyed = { 'idempotency-key': 'tap-1' }

test('whoever asks meets an api that comes back, whatever they ask: nothing had reached it', async () => {
  for (const method of ['GET', 'POST']) {
    const apiUrl = await nobody()
    const doorUrl = await door(apiUrl, { patienceMs: 5_000 })
    const small = send(new URL('/api/profile', doorUrl), {
      method,
      ...(method === 'POST' && { body: Buffer.from('small') }),
    })
    const large = send(new URL('/api/profile', doorUrl), { method: 'POST', body: Buffer.alloc(200_000, 'l') })
    const late = createServer((request, response) => request.pipe(response))
    await new Promise<void>(resolve =>
      setTimeout(() => late.listen(Number(apiUrl.port), '127.0.0.1', resolve), 100),
    )
    assert.equal(await (await small).text(), method === 'POST' ? 'small' : '')
    assert.equal((await (await large).text()).length, 200_000)
    await close(late)
  }
})

test('an api that hangs up before it answers is asked again: a GET, or what carries a key, with the same body', async () => {
  const { url, came } = await restarting(3)
  const doorUrl = await door(url, { patienceMs: 5_000 })
  const answer = await send(new URL('/api/feedback', doorUrl), {
    method: 'POST',
    headers: keyed,
    body: Buffer.from('{"tip":1}'),
  })
  assert.equal(await answer.text(), '{"tip":1}')
  assert.deepEqual(came, Array(4).fill('POST tap-1'))
  const resets = await restarting(1, request => request.socket.resetAndDestroy())
  const get = await send(new URL('/api/x', await door(resets.url, { patienceMs: 5_000 })))
  assert.deepEqual([get.statusCode, resets.came.length], [200, 2])
})

test('what changes something and carries no key, or no key that counts, reaches the api once', async () => {
  const wrong = [
    {},
    { 'idempotency-key': '' },
    { 'idempotency-key': 'two words' },
    { 'idempotency-key': 'x'.repeat(256) },
  ]
  for (const headers of wrong) {
    const { url, came } = await restarting(1)
    const answer = await send(new URL('/api/x', await door(url)), {
      method: 'POST',
      headers,
      body: Buffer.from('a'),
    })
    assert.deepEqual([answer.statusCode, came.length], [502, 1], JSON.stringify(headers))
  }
})

test('an answer that has begun is never asked for again', async () => {
  let came = 0
  const url = await api((_, response) => {
    came += 1
    response.writeHead(200, { 'content-length': '10' }).write('half', () => response.socket?.destroy())
  })
  const answer = await send(new URL('/api/x', await door(url, { patienceMs: 5_000 })), {
    method: 'POST',
    headers: keyed,
  })
  await assert.rejects(answer.text(), { code: 'ECONNRESET' })
  assert.equal(came, 1)
})

test('a body too large to hold passes once, key or not', async () => {
  const { url, came } = await restarting(1)
  const body = Buffer.alloc(65 * 1024)
  const answer = await send(new URL('/api/x', await door(url)), { method: 'POST', headers: keyed, body })
  assert.deepEqual([answer.statusCode, came.length], [502, 1])
})

test('an api that stays away is given up within the patience', async () => {
  const from = performance.now()
  const answer = await send(new URL('/api/x', await door(await nobody(), { patienceMs: 300 })), {
    headers: keyed,
  })
  assert.equal(answer.statusCode, 503)
  assert.ok(performance.now() - from < 2_000)
})

test('a connection that the api closes while it is idle costs no request', async () => {
  const server = createServer({ keepAliveTimeout: 1 }, (request, response) => request.pipe(response))
  const doorUrl = await door(await listen(server), { patienceMs: 5_000 })
  for (let n = 0; n < 40; n++) {
    const headers = n % 2 ? keyed : {}
    const answer = await send(new URL('/api/x', doorUrl), {
      method: 'POST',
      headers,
      body: Buffer.from(`${n}`),
    })
    assert.equal(await answer.text(), `${n}`)
    server.closeIdleConnections()
  }
})

test('a small body that drips in is answered 408 and its connection ends', async () => {
  const doorUrl = await door(await nobody(), { bodyMs: 60 })
  const socket = connect(Number(doorUrl.port), doorUrl.hostname)
  socket.write('POST /api/x HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nab')
  const heard: Buffer[] = []
  for await (const chunk of socket) heard.push(chunk)
  assert.match(String(Buffer.concat(heard)), /^HTTP\/1.1 408 [\s\S]*"code":"body_late"/)
})

test('a body that never ends ends the connection, small or large', async () => {
  const apiUrl = await api(request => void request.resume())
  const arrival = { headersTimeout: 100, requestTimeout: 300, connectionsCheckingInterval: 20 }
  const doorUrl = await listen(createDoor(apiUrl, page, { deadlines, arrival }))
  for (const head of ['content-length: 10', 'content-length: 1000000', 'transfer-encoding: chunked']) {
    const socket = connect(Number(doorUrl.port), doorUrl.hostname)
    socket.on('error', () => {}).resume()
    socket.write(`POST /api/x HTTP/1.1\r\nhost: a\r\n${head}\r\n\r\n`)
    await once(socket, 'close', { signal: AbortSignal.timeout(5_000) })
  }
})

test('what is no path is refused with a sentence', async () => {
  const doorUrl = await door(await nobody())
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(
      { host: doorUrl.hostname, port: doorUrl.port, method: 'OPTIONS', path: '*', agent: false },
      resolve,
    )
      .once('error', reject)
      .end()
  })
  assert.equal(answer.statusCode, 400)
  answer.resume()
})

test('an api that never answers ends at the total deadline', async () => {
  const answer = await send(new URL('/api/slow', await door(await api(() => undefined), { totalMs: 60 })))
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
