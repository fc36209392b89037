import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { frozenClock } from './clock.ts'
import { OutboundError, openOutbound } from './outbound.ts'
import { isPublicAddress } from './publicAddress.ts'

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

const refusedFor = (reason: string) => (error: unknown) =>
  error instanceof OutboundError && error.reason === reason

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

test('the bound counts what an answer unpacks to', async () => {
  const packed = gzipSync('x'.repeat(50_000))
  assert.ok(packed.length < 1_000)
  const url = await serve((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
  )
  const outbound = openOutbound({ ...settings, maxBytes: 10_000 })
  await assert.rejects(outbound.fetch(url), refusedFor('size'))
  assert.equal((await openOutbound({ ...settings, maxBytes: 50_000 }).fetch(url)).status, 200)
})

test('a server that somebody names is not reached on this machine, by address or by name', async () => {
  let calls = 0
  const url = await serve((_request, response) => {
    calls += 1
    response.end()
  })
  const outbound = openOutbound({ ...settings, publicOnly: true, failuresToOpen: 1 })
  const { port } = new URL(url)
  for (const host of [
    '127.0.0.1',
    'localhost',
    '127.1',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
  ])
    await assert.rejects(outbound.fetch(`http://${host}:${port}/`), refusedFor('inner'), host)
  assert.equal(calls, 0)
  assert.equal(outbound.isOpen(), false)
})

test('addresses of the internet are public, inner ones are not', () => {
  for (const address of ['8.8.8.8', '172.15.0.1', '100.63.255.255', '2606:4700::1111', '2a01:4f8::1'])
    assert.ok(isPublicAddress(address), address)
  const inner = ['10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '::1', 'fe80::1']
  const within = [
    'fd00::1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '255.255.255.255',
    'localhost',
  ]
  for (const address of [...inner, ...within]) assert.ok(!isPublicAddress(address), address)
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
