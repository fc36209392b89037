import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { after, test } from 'node:test'
import { frozenClock } from './clock.ts'
import { OutboundError, openOutbound } from './outbound.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return `http://127.0.0.1:${address.port}`
}

const settings = { target: 'provider', clock: frozenClock('2026-01-01T00:00:00Z'), timeoutMs: 200 }

test('a provider that drips its body is cut off at the total deadline', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(timer))
  })
  const began = performance.now()
  await assert.rejects(openOutbound(settings).fetch(url), (error: unknown) => {
    assert.ok(error instanceof OutboundError)
    assert.equal(error.reason, 'timeout')
    return true
  })
  assert.ok(performance.now() - began < 1_000)
})

test('an answer larger than the bound is refused, not kept', async () => {
  const url = await serve((_request, response) => response.end('x'.repeat(50_000)))
  await assert.rejects(openOutbound({ ...settings, maxBytes: 10_000 }).fetch(url), OutboundError)
})

test('redirects are handed back, never followed', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  )
  const answer = await openOutbound(settings).fetch(url)
  assert.equal(answer.status, 302)
})

test('after repeated failures the breaker answers at once, and lets a call through when its time is over', async () => {
  let healthy = false
  let calls = 0
  const url = await serve((_request, response) => {
    calls += 1
    response.writeHead(healthy ? 200 : 500).end('{}')
  })
  const clock = frozenClock('2026-01-01T00:00:00Z')
  const outbound = openOutbound({ ...settings, clock, failuresToOpen: 3, openForMs: 1_000 })
  for (let i = 0; i < 3; i++) await outbound.fetch(url)
  assert.equal(outbound.isOpen(), true)
  await assert.rejects(outbound.fetch(url), /open/)
  assert.equal(calls, 3)
  healthy = true
  clock.advance(1_001)
  assert.equal((await outbound.fetch(url)).status, 200)
  assert.equal(outbound.isOpen(), false)
})
