// A process that dies after a verb's commit and before its answer is kept leaves a claim without an answer, which is
// made here as the kill leaves it. The same request to a process that was started since must have no second effect.
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Radicale, startRadicale } from '@oo/local'
import { origin, type Person, startInstance } from './testInstance.ts'
import { nextTask } from './testTips.ts'

const token = randomBytes(32).toString('hex')
let instance: Awaited<ReturnType<typeof startInstance>>
let other: Awaited<ReturnType<typeof instance.another>>
let admin: Person
let radicale: Radicale
before(async () => {
  radicale = await startRadicale({ users: { ann: 'hers' } })
  const caldavInnerHosts = [new URL(radicale.url).host]
  instance = await startInstance({ settings: { adminToken: token, caldavInnerHosts } })
  other = await instance.another()
  admin = instance.stranger()
  await admin.send('POST', '/api/auth/token', { token })
})
after(async () => {
  await instance?.stop()
  await radicale?.stop()
})

interface Asked {
  who: Person
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: object
  /** Its answer tells what it found when it ran, which another run may find changed; nobody saw the first. */
  reports?: true
}

const connected = async (): Promise<Person> => {
  const person = await instance.signIn(`${randomUUID()}@example.test`)
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  return person
}

async function tipOf(who: Person): Promise<string> {
  return (await nextTask(who)).id
}

async function reactionOf(who: Person): Promise<string> {
  const { body } = await who.send('POST', '/api/feedback', { tipId: await tipOf(who), reaction: 'helpful' })
  return String(body.id)
}

const replayed = { from: '2020-01-01T00:00:00Z', to: '2090-01-01T00:00:00Z', dryRun: false }
const change = async (method: Asked['method'], path: string, body?: object): Promise<Asked> => ({
  who: await connected(),
  method,
  path,
  ...(body && { body }),
})

/** Every operation that takes a key and keeps its answer. */
const operations: Record<string, () => Promise<Asked>> = {
  react: async () => {
    const who = await connected()
    return { who, method: 'POST', path: '/api/feedback', body: { tipId: await tipOf(who), reaction: 'done' } }
  },
  undoReaction: async () => {
    const who = await connected()
    return { who, method: 'DELETE', path: `/api/feedback/${await reactionOf(who)}` }
  },
  reportShown: async () => {
    const who = await connected()
    return { who, method: 'POST', path: `/api/tips/${await tipOf(who)}/shown`, body: {} }
  },
  patchProfile: () => change('PATCH', '/api/profile', { contrast: 'soft' }),
  putConsent: async () => {
    const asked = await change('PUT', '/api/profile/consents')
    const { body } = await asked.who.get('/api/profile/consents')
    const { version } = (body.consents as { purpose: string; version: string }[]).find(
      ({ purpose }) => purpose === 'llm',
    ) ?? { version: '' }
    return { ...asked, body: { purpose: 'llm', version, granted: true } }
  },
  pause: () => change('POST', '/api/profile/pause', {}),
  resume: async () => {
    const asked = await change('DELETE', '/api/profile/pause')
    await asked.who.send('POST', '/api/profile/pause', {})
    return asked
  },
  signInToSource: () =>
    change('POST', '/api/integrations/caldav/sign-in', {
      address: radicale.url,
      user: 'ann',
      password: 'hers',
    }),
  disconnect: () => change('DELETE', '/api/integrations/todoist'),
  adminReplayEvents: async () => {
    await connected()
    return { who: admin, method: 'POST', path: '/api/admin/events/replay', body: replayed, reports: true }
  },
  adminReplayEvent: async () => {
    await connected()
    const { body } = await admin.get('/api/admin/events?limit=1')
    const [{ id }] = body.events as [{ id: string }]
    return {
      who: admin,
      method: 'POST',
      path: `/api/admin/events/${id}/replay`,
      body: { dryRun: false },
      reports: true,
    }
  },
}

async function send(api: typeof other.api, { who, method, path, body }: Asked, key: string) {
  const headers = {
    origin,
    host: new URL(origin).host,
    cookie: `sid=${who.sid()}`,
    'idempotency-key': key,
  }
  const answer = await api.app.inject({ method, url: path, headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, text: answer.body, replayed: answer.headers['idempotency-replayed'] }
}

/** What a verb may leave behind, as counts, without what others make of it later. */
async function effects(): Promise<Record<string, number>> {
  const { rows } = await instance.query(`
    SELECT 'reactions' AS what, count(*)::int AS n FROM recommender.reactions
    UNION ALL SELECT 'consents', count(*)::int FROM profile.consents
    UNION ALL SELECT 'told', count(*)::int FROM jobs.job WHERE name = 'recommender.settle-task'
    UNION ALL SELECT subject, count(*)::int FROM events.log
               WHERE subject IN ('signals.tip.reacted', 'signals.tip.undone', 'signals.tip.shown', 'profile.consent.changed',
                                 'profile.pause.changed', 'account.source.connected', 'account.source.disconnected') GROUP BY subject`)
  return Object.fromEntries((rows as { what: string; n: number }[]).map(({ what, n }) => [what, n]))
}

test('every operation that keeps its answer is tried here', () => {
  const folder = join(import.meta.dirname, '../../packages/shared-types/http')
  const keeping = ['admin', 'auth', 'ingress', 'integrations', 'profile', 'recommender'].flatMap(name =>
    readFileSync(join(folder, `${name}.yaml`), 'utf8')
      .split(/^\s+operationId: /m)
      .slice(1)
      .filter(text => text.includes('parameters/IdempotencyKey') && !text.includes('x-repeatable: true'))
      .map(text => text.split('\n')[0] ?? ''),
  )
  assert.deepEqual(Object.keys(operations).toSorted(), keeping.toSorted())
})

for (const [operation, prepared] of Object.entries(operations))
  test(`${operation}: a crash before its answer is kept leaves one effect and one answer`, async () => {
    const asked = await prepared()
    const key = randomUUID()
    const unseen = await send(instance.api, asked, key)
    assert.ok(unseen.status < 300, unseen.text)
    const once = await effects()
    const { rowCount } = await instance.query(`
      UPDATE gateway.answers SET status = NULL, answer = NULL, holder = gen_random_uuid(), held_until = clock_timestamp()
       WHERE begun_at = (SELECT max(begun_at) FROM gateway.answers) AND operation = '${operation}' AND status IS NOT NULL`)
    assert.equal(rowCount, 1)
    const [again, meanwhile] = await Promise.all([
      send(other.api, asked, key),
      send(instance.api, asked, key),
    ])
    assert.ok(!again.replayed || !meanwhile.replayed, 'one of them runs the verb again')
    assert.deepEqual(await effects(), once, 'one effect')
    assert.equal(again.status, unseen.status)
    if (!asked.reports) assert.equal(again.text, unseen.text)
    assert.deepEqual([meanwhile.status, meanwhile.text], [again.status, again.text], 'whoever asks')
    const later = await send(instance.api, asked, key)
    assert.deepEqual(later, { ...again, replayed: 'true' })
  })
