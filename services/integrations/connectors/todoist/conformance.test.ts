import assert from 'node:assert/strict'
import { frozenClock, silentLog } from '@oo/kernel'
import { demoTodoistApp, startSandbox } from '@oo/sandbox'
import { challengeOf } from '../../connectState.ts'
import { conforms } from '../conformance/conformance.ts'
import { openFront } from '../conformance/front.ts'
import { createTodoist } from './todoist.ts'

const email = 'conform@example.test'
const origin = 'http://localhost:3000'
const verifier = 'v'.repeat(43)

conforms('Todoist', async () => {
  const sandbox = await startSandbox({ auto: true, origins: [origin] })
  const front = await openFront(sandbox.url)
  const clock = frozenClock(new Date())

  async function control(path: string, body: object = {}): Promise<unknown> {
    const answer = await fetch(`${sandbox.url}/control/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    assert.ok(answer.ok, path)
    return answer.json()
  }

  return {
    front,
    clock,
    revokes: true,
    connector: () =>
      createTodoist({ ...demoTodoistApp, baseUrl: `${front.url}/todoist` }, { clock, log: silentLog }),
    async enter({ entry }, shown = verifier) {
      assert.ok(entry.by === 'provider')
      const redirectUri = `${origin}/api/integrations/todoist/callback`
      const away = new URL(
        entry.authorizeUrl({ redirectUri, state: 'state', challenge: challengeOf(verifier) }),
      )
      away.searchParams.set('login_hint', email)
      const back = await fetch(away, { redirect: 'manual' })
      const code = new URL(back.headers.get('location') ?? '').searchParams.get('code')
      assert.ok(code)
      return entry.exchange({ code, redirectUri, verifier: shown }, AbortSignal.timeout(5_000))
    },
    takeBack: async () => void (await control(`todoist/${email}/grants/revoke`)),
    tasks: {
      async add(words) {
        const made: unknown = await control(`todoist/${email}/tasks`, { content: words })
        return String(Reflect.get(Object(made), 'id'))
      },
      remove: async id => void (await control(`todoist/${email}/tasks/${id}/delete`)),
    },
    async stop() {
      await front.stop()
      await sandbox.stop()
    },
  }
})
