import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextPath, reasonSentence, signInPath } from './nextPath.ts'

test('a path on this origin is kept', () => {
  for (const path of ['/', '/you', '/connect?welcome=1', '/you#consents']) assert.equal(nextPath(path), path)
})

test('nothing leads away from this origin', () => {
  const away = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '',
    undefined,
  ]
  for (const path of away) assert.equal(nextPath(path), '/', String(path))
})

test('a doubled path cannot become another origin either', () => {
  assert.equal(nextPath('/./\\evil.example').startsWith('//'), false)
  assert.equal(nextPath('/a/..//evil.example').startsWith('//'), false)
})

test('a reason is a sentence; an unknown problem says that signing in failed', () => {
  assert.equal(reasonSentence({ why: 'expired' }), 'You were signed out. Sign in again to go on.')
  assert.match(String(reasonSentence({ problem: 'constructor' })), /could not be completed/)
  assert.equal(reasonSentence({}), null)
  assert.equal(signInPath('/you', 'expired'), '/sign-in?next=%2Fyou&why=expired')
})
