import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { frozenClock, silentLog } from '@oo/kernel'
import { until } from '@oo/local'
import { demoGoogleApp, startSandbox } from '@oo/sandbox'
import { challengeOf } from '../../connectState.ts'
import { conforms } from '../conformance/conformance.ts'
import { openFront } from '../conformance/front.ts'
import { serve } from '../conformance/serve.ts'
import { createGoogleCalendar } from './googleCalendar.ts'

const email = 'conform@example.test'
const origin = 'http://localhost:3000'
const verifier = 'v'.repeat(43)

conforms('Google Calendar', async () => {
  const sandbox = await startSandbox({ auto: true, origins: [origin] })
  const front = await openFront(sandbox.url)
  const clock = frozenClock(new Date())
  const given = { clock, log: silentLog, secret: 'a secret of this test' }
  const heard: IncomingHttpHeaders[] = []
  const receiver = await serve((request, response) => {
    heard.push(request.headers)
    response.end()
  })
  const settings = { ...demoGoogleApp, baseUrl: `${front.url}/google`, reachedAt: receiver.url }

  async function control<T>(path: string, body?: object): Promise<T> {
    const sent = body && { method: 'POST', body: JSON.stringify(body) }
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${sandbox.url}/control/google/${path}`, { ...sent, headers })
    assert.ok(answer.ok, path)
    return answer.json()
  }

  return {
    front,
    clock,
    revokes: true,
    checksVerifier: true,
    connector: () => createGoogleCalendar(settings, given),
    async enter({ entry }, shown = verifier) {
      assert.ok(entry.by === 'provider')
      const redirectUri = `${origin}/api/integrations/google-calendar/callback`
      const away = new URL(
        entry.authorizeUrl({ redirectUri, state: 'state', challenge: challengeOf(verifier) }),
      )
      away.searchParams.set('login_hint', email)
      const back = await fetch(away, { redirect: 'manual' })
      const code = new URL(back.headers.get('location') ?? '').searchParams.get('code')
      assert.ok(code)
      return entry.exchange({ code, redirectUri, verifier: shown }, AbortSignal.timeout(5_000))
    },
    takeBack: async () => void (await control(`${email}/grants/revoke`, {})),
    told: {
      async next() {
        await until('Google told something', () => heard.length > 0)
        return { bytes: Buffer.alloc(0), headers: heard.shift() ?? {}, misfit: undefined }
      },
      change: () =>
        control(`${email}/events`, { start: '2026-12-01T10:00:00Z', end: '2026-12-01T11:00:00Z' }),
      open: async () =>
        (await control<{ channels: { id: string }[] }>('webhooks')).channels.map(({ id }) => id),
    },
    async stop() {
      await Promise.all([front.stop(), receiver.stop()])
      await sandbox.stop()
    },
  }
})
