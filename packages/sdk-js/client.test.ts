import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { ApiProblem, answerOf, createClient } from './index.ts'

const closers: (() => void)[] = []
after(() => {
  for (const close of closers) close()
})

async function api(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = portOf(server.address())
  return `http://127.0.0.1:${port}/api`
}

/** A listening TCP server's address is an object with a port. */
function portOf(address: AddressInfo | string | null): AddressInfo {
  assert(typeof address === 'object' && address !== null)
  return address
}

test('a typed call goes to the contract path with the given headers', async () => {
  let seen = ''
  const baseUrl = await api((request, response) => {
    seen = `${request.method} ${request.url} ${request.headers.cookie}`
    response.setHeader('content-type', 'application/json').end('{"providers":[],"token":false}')
  })
  const client = createClient({ baseUrl, headers: { cookie: 'sid=1' } })
  assert.deepEqual(await answerOf(client.GET('/auth/providers')), { providers: [], token: false })
  assert.equal(seen, 'GET /api/auth/providers sid=1')
})

test('every change carries a key of its own; what the contract leaves without one has none', async () => {
  const keys: (string | undefined)[] = []
  const baseUrl = await api((request, response) => {
    keys.push(request.headers['idempotency-key']?.toString())
    response.setHeader('content-type', 'application/json').end('{}')
  })
  const client = createClient({ baseUrl })
  const react = () => client.POST('/feedback', { body: { tipId: 'a', reaction: 'done' } })
  await react()
  await react()
  assert.equal(new Set(keys).size, 2)
  assert.match(keys.join(), /^[!-~]{1,255}$/)
  keys.length = 0
  await client.POST('/feedback', {
    body: { tipId: 'a', reaction: 'done' },
    params: { header: { 'Idempotency-Key': 'mine' } },
  })
  await client.POST('/auth/logout')
  await client.DELETE('/profile', { body: { confirm: 'delete' } })
  await client.POST('/integrations/ingress', { body: { name: 'Watch', types: ['mood'] } })
  await client.GET('/profile')
  assert.deepEqual(keys, ['mine', undefined, undefined, undefined, undefined])
})

test('with patience a call that is cut off is sent again as it was; one that has no key is not', async () => {
  const seen: string[] = []
  const baseUrl = await api(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push(`${request.headers['idempotency-key']} ${body}`)
    if (seen.length < 3) request.socket.destroy()
    else response.setHeader('content-type', 'application/json').end('{"id":"r"}')
  })
  const client = createClient({ baseUrl, patienceMs: 5_000 })
  await client.POST('/feedback', { body: { tipId: 'a', reaction: 'done' } })
  assert.equal(seen.length, 3)
  assert.equal(new Set(seen).size, 1)
  seen.length = 0
  await assert.rejects(client.POST('/auth/token', { body: { token: 't' } }), { code: 'unreachable' })
  assert.equal(seen.length, 1)
})

test('a problem document becomes an error whose message is its sentence', async () => {
  const baseUrl = await api((_, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json' })
    response.end(
      JSON.stringify({
        type: 'x',
        title: 'This tip has ended.',
        status: 409,
        code: 'tip_ended',
        requestId: 'r',
      }),
    )
  })
  const call = createClient({ baseUrl }).GET('/profile')
  await assert.rejects(call, (error: unknown) => {
    assert(error instanceof ApiProblem)
    assert.deepEqual([error.message, error.status, error.code], ['This tip has ended.', 409, 'tip_ended'])
    return true
  })
})

test('an error page that is no problem document still becomes a sentence', async () => {
  const baseUrl = await api((_, response) => response.writeHead(502).end('<html>'))
  await assert.rejects(createClient({ baseUrl }).GET('/profile'), { status: 502, code: 'unknown' })
})

test('a hanging api ends at the deadline, before or inside the body', async () => {
  const silent = await api(() => undefined)
  await assert.rejects(createClient({ baseUrl: silent, deadlineMs: 50 }).GET('/profile'), {
    code: 'unreachable',
  })
  const halfway = await api((_, response) => {
    response.setHeader('content-type', 'application/json').write('{"id":')
  })
  await assert.rejects(answerOf(createClient({ baseUrl: halfway, deadlineMs: 50 }).GET('/profile')), {
    code: 'unreachable',
  })
})

test('garbage in place of JSON is an error, not a value', async () => {
  const baseUrl = await api((_, response) => {
    response.setHeader('content-type', 'application/json').end('{{{')
  })
  await assert.rejects(answerOf(createClient({ baseUrl }).GET('/profile')), { code: 'unreachable' })
})
