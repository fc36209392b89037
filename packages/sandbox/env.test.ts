import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEnv } from './env.ts'

test('production is refused, except for a demo', () => {
  assert.throws(() => readEnv({ NODE_ENV: 'production' }), /OO_DEMO=1/)
  assert.equal(readEnv({ NODE_ENV: 'production', OO_DEMO: '1' }).port, 8090)
})

test('an address that others can reach is refused with a sentence', () => {
  for (const bind of ['0.0.0.0', '192.168.1.5', '::', 'example.test']) {
    assert.throws(() => readEnv({ OO_BIND: bind }), /stays on this machine/)
  }
  assert.equal(readEnv({ OO_BIND: '127.0.0.1' }).port, 8090)
})

test('a wrong port or address is refused by its name', () => {
  assert.throws(() => readEnv({ OO_SANDBOX_PORT: 'x' }), /OO_SANDBOX_PORT/)
  assert.throws(() => readEnv({ OO_API_PORT: '70000' }), /OO_API_PORT/)
  assert.throws(() => readEnv({ OO_PUBLIC_URL: 'localhost' }), /OO_PUBLIC_URL/)
})

test('sign-in returns to the named addresses and to every port of this installation', () => {
  const settings = readEnv({
    OO_PUBLIC_URL: 'https://oo.example.test/',
    OO_WEB_PORT: '4000',
    OO_API_PORT: '4080',
  })
  assert.equal(settings.origins?.[0], 'https://oo.example.test')
  for (const origin of ['http://localhost:4000', 'http://127.0.0.1:3001', 'http://127.0.0.1:4080']) {
    assert.ok(settings.origins?.includes(origin), origin)
  }
  assert.equal(settings.webhookTarget, 'http://127.0.0.1:4080/api/webhooks/todoist')
})
