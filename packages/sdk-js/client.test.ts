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
