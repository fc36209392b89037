import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busyTimeOf } from './busyTime.ts'
import { readApiStatus, readRevokeStatus, readTokenStatus } from './transport.ts'

const said = (reason: string) => JSON.stringify({ error: { errors: [{ reason }], code: 403 } })

test('a status means what Google says with it: slower, connect again, or nothing a person can mend', () => {
  const kinds = [
    readApiStatus(403, said('rateLimitExceeded'), undefined),
    readApiStatus(403, said('userRateLimitExceeded'), undefined),
    readApiStatus(403, said('dailyLimitExceeded'), undefined),
    readApiStatus(403, said('quotaExceeded'), undefined),
    readApiStatus(429, '', undefined),
    readApiStatus(403, said('insufficientPermissions'), undefined),
    readApiStatus(401, said('authError'), undefined),
    readApiStatus(403, said('accessNotConfigured'), undefined),
    readApiStatus(503, '', undefined),
    readApiStatus(410, said('fullSyncRequired'), undefined),
    readApiStatus(404, '', undefined),
  ].map(({ kind }) => kind)
  const quota = Array.from({ length: 5 }, () => 'quota')
  assert.deepEqual(kinds, [...quota, 'revoked', 'revoked', 'away', 'away', 'gone', 'garbage'])
  const waits = [429, 503].flatMap(status => [
    readApiStatus(status, '', 1_800).retryAfterSeconds,
    readTokenStatus(status, '', undefined).retryAfterSeconds,
  ])
  assert.deepEqual(waits, [1_800, 60, 1_800, undefined])
})

test('a refused grant is the person’s to mend, refused credentials of this instance are not', () => {
  assert.equal(readTokenStatus(400, '{"error": "invalid_grant"}', undefined).kind, 'revoked')
  assert.equal(readTokenStatus(401, '{"error": "invalid_client"}', undefined).kind, 'garbage')
  assert.equal(readTokenStatus(500, '', undefined).kind, 'away')
  assert.equal(readRevokeStatus(400, '{"error": "invalid_token"}', undefined).kind, 'gone')
  assert.equal(readRevokeStatus(503, '', undefined).kind, 'away')
})

test('an event that is not what was agreed takes no time', () => {
  const dateTime = '2026-03-10T14:30:00+01:00'
  const good = { id: 'a', start: { dateTime }, end: { dateTime: '2026-03-10T15:00:00+01:00' } }
  assert.equal(busyTimeOf(good)?.startsAt.toISOString(), '2026-03-10T13:30:00.000Z')
  const odd = [
    { ...good, id: null },
    { ...good, start: {} },
    { ...good, start: { dateTime: '2026-03-10T14:30:00' } },
    { ...good, end: { dateTime } },
    { ...good, end: { date: '2026-03-11' } },
    { ...good, start: { date: '2026-02-30T' }, end: { date: '2026-03-01' } },
    { ...good, start: { dateTime: '2026-13-45T99:99:99Z' } },
  ]
  for (const event of odd) assert.equal(busyTimeOf(event), undefined, JSON.stringify(event))
})
