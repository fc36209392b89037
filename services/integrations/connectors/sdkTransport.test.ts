import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozenClock, openOutbound } from '@oo/kernel'
import { serve } from './conformance/serve.ts'
import { type ConnectorTrouble, isTrouble } from './connector.ts'
import * as google from './google-calendar/transport.ts'
import * as todoist from './todoist/transport.ts'

type Headers = Record<string, string>

const sdks = {
  async google(url, given) {
    const { fetchImplementation, troubleOf } = google.openTransport(...given(google.readApiStatus))
    await fetchImplementation(url)
    return troubleOf(undefined)
  },
  async todoist(url, given) {
    const { customFetch, troubleOf } = todoist.openTransport(...given(todoist.readApiStatus))
    await customFetch(url)
    return troubleOf(undefined)
  },
} satisfies Record<string, (url: string, given: typeof givenTo) => Promise<ConnectorTrouble>>

const givenTo = (readStatus: typeof google.readApiStatus): Parameters<typeof google.openTransport> => [
  openOutbound({ target: 'a provider', clock: frozenClock(new Date()), timeoutMs: 2_000 }),
  { signal: AbortSignal.timeout(2_000), readStatus },
]

for (const [name, ask] of Object.entries(sdks))
  test(`${name} says when to come back: in seconds, until a time on its clock, or not at all`, async () => {
    const troubleAt = async (status: number, headers: Headers) => {
      const served = await serve((_request, response) => void response.writeHead(status, headers).end())
      try {
        return await ask(served.url, givenTo)
      } finally {
        await served.stop()
      }
    }
    const date = 'Mon, 04 May 2026 10:00:00 GMT'
    const later = { date, 'retry-after': 'Mon, 04 May 2026 10:10:00 GMT' }
    const asked: [Headers, number][] = [
      [{ 'retry-after': '90' }, 90],
      [later, 600],
      [{}, 60],
    ]
    for (const [headers, seconds] of asked) {
      const trouble = await troubleAt(429, headers)
      assert.ok(isTrouble(trouble, 'quota'))
      assert.equal(trouble.retryAfterSeconds, seconds)
    }
    const away = async (headers: Headers) => (await troubleAt(503, headers)).retryAfterSeconds
    assert.deepEqual(
      [await away({ 'retry-after': '120' }), await away(later), await away({})],
      [120, 600, undefined],
    )
  })
