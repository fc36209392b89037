import assert from 'node:assert/strict'
import { frozenClock, silentLog, systemRandom } from '@oo/kernel'
import { demoGoogleApp, startSandbox } from '@oo/sandbox'
import { conforms } from '../conformance/conformance.ts'
import { openFront } from '../conformance/front.ts'
import { createGoogleCalendar } from './googleCalendar.ts'

const email = 'conform@example.test'
const origin = 'http://localhost:3000'

conforms('Google Calendar', async () => {
  const sandbox = await startSandbox({ auto: true, origins: [origin] })
  const front = await openFront(sandbox.url)
  const clock = frozenClock(new Date())
  const given = { clock, log: silentLog, random: systemRandom, secret: 'a secret of this test' }
  const settings = { ...demoGoogleApp, baseUrl: `${front.url}/google` }
  return {
    front,
    clock,
    revokes: true,
    nameless: true,
    connector: () => createGoogleCalendar(settings, given),
    async enter({ entry }) {
      assert.ok(entry.by === 'provider')
      const redirectUri = `${origin}/api/integrations/google-calendar/callback`
      const away = new URL(entry.authorizeUrl({ redirectUri, state: 'state' }))
      away.searchParams.set('login_hint', email)
      const back = await fetch(away, { redirect: 'manual' })
      const code = new URL(back.headers.get('location') ?? '').searchParams.get('code')
      assert.ok(code)
      return entry.exchange({ code, redirectUri }, AbortSignal.timeout(5_000))
    },
    async takeBack() {
      const answer = await fetch(`${sandbox.url}/control/google/${email}/grants/revoke`, { method: 'POST' })
      assert.ok(answer.ok, await answer.text())
    },
    async stop() {
      await front.stop()
      await sandbox.stop()
    },
  }
})
