import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozenClock, silentLog, systemRandom } from '@oo/kernel'
import { demoGoogleApp } from '@oo/sandbox'
import { serve } from '../conformance/serve.ts'
import { isTrouble, type Tokens } from '../connector.ts'
import { createGoogleCalendar } from './googleCalendar.ts'

const tokens: Tokens = { access: 'a', refresh: 'r', expiresAt: null, account: 'somebody' }
const asked = { since: null, from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') }

/** A calendar of one event a page, each page after this long. */
async function startSlow(pages: number, pageMs: number) {
  const served = await serve((request, response) => {
    const page = Number(new URL(request.url ?? '', 'http://google').searchParams.get('pageToken') ?? 0)
    const time = (minute: string) => ({ dateTime: `2026-03-10T14:${minute}:00Z` })
    const items = [{ id: `event${page}`, start: time('00'), end: time('30') }]
    const more = page + 1 < pages ? { nextPageToken: String(page + 1) } : { nextSyncToken: 'next' }
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, ...more }))
    }, pageMs)
  })
  const given = {
    ...{ clock: frozenClock(new Date()), log: silentLog, random: systemRandom },
    secret: 'a secret of this test',
  }
  const { calendar } = createGoogleCalendar({ ...demoGoogleApp, baseUrl: `${served.url}/google` }, given)
  assert.ok(calendar)
  return {
    read: (withinMs: number) => calendar.read(tokens, asked, AbortSignal.timeout(withinMs)),
    stop: served.stop,
  }
}

test('a calendar of many pages is read however long all of them take, for as long as its caller waits', async () => {
  const google = await startSlow(12, 450)
  try {
    const impatient = assert.rejects(google.read(1_000), error => isTrouble(error, 'away'))
    const { changed, next } = await google.read(20_000)
    assert.equal(changed.length, 12)
    assert.equal(next, 'next')
    await impatient
  } finally {
    await google.stop()
  }
})
