import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { faults, openFaultProxy } from './faultProxy.ts'

const origin = createServer((_request, response) => response.end('{"fine":true}'))
await new Promise<void>(resolve => origin.listen(0, '127.0.0.1', resolve))
const proxy = await openFaultProxy({ port: portOf(origin.address()) })
after(() => {
  origin.close()
  return proxy.stop()
})

function portOf(address: string | AddressInfo | null): number {
  assert.ok(address && typeof address === 'object')
  return address.port
}

/** What a client that waits so long for headers and body makes of it. */
async function ask(waitMs = 10_000): Promise<string> {
  try {
    const signal = AbortSignal.timeout(waitMs)
    // A connection of its own: one kept from before the change may just be breaking.
    const headers = { connection: 'close' }
    const answer = await fetch(`http://127.0.0.1:${proxy.port}/`, { headers, signal })
    const text = await answer.text()
    return text.length > 1_000 ? `${answer.status} huge` : `${answer.status} ${text}`
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return late ? 'late' : 'broken'
  }
}

test('each fault does what its name says, and without one everything passes', async () => {
  const expected = {
    down: 'broken',
    reset: 'broken',
    frozen: 'late',
    slow: 'late',
    hang: 'late',
    '500': '500 {}',
    '429': '429 {}',
    garbage: 'broken',
    huge: '200 huge',
    tls: 'broken',
  }
  for (const fault of faults) {
    await proxy.set(fault)
    assert.equal(await ask(expected[fault] === 'late' ? 300 : undefined), expected[fault], fault)
    if (fault !== 'down') assert.ok(proxy.met() > 0, `${fault} was met`)
    await proxy.set(null)
    assert.equal(await ask(), '200 {"fine":true}', `after ${fault}`)
    assert.equal(proxy.met(), 0)
  }
})
