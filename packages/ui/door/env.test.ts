import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDoorEnv } from './env.ts'

test('without settings the door binds to loopback and looks for the api beside it', () => {
  const env = readDoorEnv({}, 'OO_WEB_PORT', 3000)
  assert.deepEqual([env.port, env.bind, env.apiUrl.href], [3000, '127.0.0.1', 'http://127.0.0.1:8080/'])
})

test('a wrong setting is a sentence that names it', () => {
  assert.throws(
    () => readDoorEnv({ OO_WEB_PORT: 'x' }, 'OO_WEB_PORT', 3000),
    /OO_WEB_PORT is "x"; write a port/,
  )
  assert.throws(() => readDoorEnv({ OO_API_URL: 'api' }, 'OO_WEB_PORT', 3000), /OO_API_URL is "api"; write/)
})
