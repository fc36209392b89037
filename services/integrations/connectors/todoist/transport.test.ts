import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readApiStatus } from './transport.ts'

test('Todoist says when to come back in the body of its answer, where it does not in the header', () => {
  const body = '{"error_extra": {"retry_after": 45}}'
  assert.equal(readApiStatus(429, body, undefined).retryAfterSeconds, 45)
  assert.equal(readApiStatus(429, body, 90).retryAfterSeconds, 90)
  assert.equal(readApiStatus(429, '', undefined).retryAfterSeconds, 60)
})
