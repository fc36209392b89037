import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startInstance } from './testInstance.ts'

// Sign-in by token is counted by address, thirty a minute; the clock stands still.
const perMinute = 30
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance({ settings: { trustedProxies: ['10.1.0.0/24', '192.0.2.7', 'fd00::/64'] } })
})
after(() => instance.stop())

async function ask(remoteAddress: string, forwardedFor: string): Promise<number> {
  const answer = await instance.api.app.inject({
    method: 'POST',
    url: '/api/auth/token',
    remoteAddress,
    headers: { 'x-forwarded-for': forwardedFor, 'content-type': 'application/json' },
    payload: { token: 'x'.repeat(32) },
  })
  return answer.statusCode
}

/** Asks as often as one address may, and says what the next one is told. */
async function afterItsShare(remoteAddress: string, forwardedFor: (at: number) => string): Promise<number> {
  for (let at = 0; at < perMinute; at++) assert.notEqual(await ask(remoteAddress, forwardedFor(at)), 429)
  return ask(remoteAddress, forwardedFor(perMinute))
}

test('a stranger who says to ask for others is counted as one', async () => {
  assert.equal(await afterItsShare('198.51.100.1', at => `203.0.113.${at}`), 429)
})

const proxies = ['10.1.0.9', '::ffff:10.1.0.10', '192.0.2.7', 'fd00::5', '127.0.0.1']
for (const [at, proxy] of proxies.entries())
  test(`who comes by the trusted proxy ${proxy} is counted by their own address, whatever they said before it`, async () => {
    const one = `2001:db8::${at}`
    assert.equal(await afterItsShare(proxy, said => `203.0.113.${said}, ${one}, 10.1.0.1`), 429)
    assert.notEqual(
      await ask(proxy, `${one}, 2001:db8::ffff, 10.1.0.1`),
      429,
      'another caller has another share',
    )
  })
