import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkChannels } from './checkDatabase.ts'

test('the operator sees whether Google tells of changes, and why not', () => {
  const google = { clientId: 'a', clientSecret: 'b', lookEveryMs: 1 }
  const said = (googleCalendar: object | undefined) =>
    checkChannels({ googleCalendar: googleCalendar && { ...google, ...googleCalendar } }).map(
      ({ text }) => text,
    )
  assert.deepEqual(said(undefined), [])
  assert.match(
    said({ reachedAt: 'https://oo.example' })[0] ?? '',
    /tells .* https:\/\/oo\.example\/api\/webhooks/,
  )
  assert.match(said({})[0] ?? '', /asked .* in turns: OO_PUBLIC_URL/)
})
