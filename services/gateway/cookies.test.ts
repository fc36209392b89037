import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCookies, writeCookie } from './cookies.ts'

const sid = { name: 'sid', value: 'abc', maxAgeSeconds: 60 }

test('a cookie is out of reach of scripts and other sites, and of plain http wherever there is https', () => {
  const kept = 'sid=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax'
  assert.equal(writeCookie(sid, 'https://oo.example'), `${kept}; Secure`)
  assert.equal(writeCookie(sid, 'http://127.0.0.1:3000'), kept)
  assert.match(writeCookie({ ...sid, value: '' }, 'https://oo.example'), /; Max-Age=0;/)
})

test('of a cookie that comes twice the first counts, and none is taken for what every object has', () => {
  const { sid: first, constructor: none } = readCookies('sid=one; sid=two; =x; y')
  assert.deepEqual([first, none], ['one', undefined])
  assert.deepEqual(Object.keys(readCookies(undefined)), [])
})
