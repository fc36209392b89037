import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTrouble } from '../connector.ts'
import { accountFrom, isSameAccount } from './account.ts'

const part = (claims: unknown) => Buffer.from(JSON.stringify(claims)).toString('base64url')
const token = (claims: unknown) => `${part({ alg: 'RS256' })}.${part(claims)}.signature`
const claims = { iss: 'https://accounts.google.com', aud: 'this app', sub: '110169484474386276334' }
const tokens = (account: string) => ({ access: '', refresh: null, expiresAt: null, account })

test('an id token of this app says whose grant it is, and nothing else is believed', () => {
  assert.equal(accountFrom(token(claims), 'this app'), 'sub:110169484474386276334')
  const strange = [
    undefined,
    null,
    '',
    'no token',
    'a.b.c',
    token(null),
    token('110169484474386276334'),
    token({ ...claims, iss: 'https://accounts.example.test' }),
    token({ ...claims, aud: 'another app' }),
    token({ ...claims, sub: undefined }),
    token({ ...claims, sub: '' }),
    token({ ...claims, sub: 110169484474386 }),
    token({ ...claims, sub: '1'.repeat(256) }),
  ]
  for (const one of strange)
    assert.throws(
      () => accountFrom(one, 'this app'),
      (error: unknown) => isTrouble(error, 'garbage'),
    )
})

test('an account is the same by its number; one without a number may be any', () => {
  assert.ok(isSameAccount(tokens('sub:1'), tokens('sub:1')))
  assert.ok(!isSameAccount(tokens('sub:1'), tokens('sub:2')))
  assert.ok(isSameAccount(tokens('0123456789abcdef0123456789abcdef'), tokens('sub:2')))
})
