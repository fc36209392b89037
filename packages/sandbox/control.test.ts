import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import { TodoistApi } from '@doist/todoist-sdk'
import { demoTodoistApp, type Sandbox, startSandbox } from './index.ts'
import { fieldsOf, jsonOf, listOf } from './read.ts'

let sandbox: Sandbox
before(async () => {
  sandbox = await startSandbox({ auto: true })
})
after(() => sandbox.stop())

async function call(path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${sandbox.url}${path}`, {
    signal: AbortSignal.timeout(3_000),
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: fieldsOf(jsonOf(text)) }
}
beforeEach(() => call('/control/reset', {}))

test('a task can be made, completed, reopened and deleted as the person would', async () => {
  const tasks = '/control/todoist/ada@example.test/tasks'
  const made = await call(tasks, { content: 'Post the letter', due_string: 'today' })
  assert.equal(made.status, 201)
  const id = String(made.json.id)
  assert.equal((await call(`${tasks}/${id}/complete`, {})).json.checked, true)
  assert.equal((await call(`${tasks}/${id}/reopen`, {})).json.checked, false)
  assert.equal((await call(`${tasks}/${id}/delete`, {})).json.is_deleted, true)
  assert.equal(listOf((await call(tasks)).json.tasks).length, 6)
})

test('people are made with a name, and reset brings the first day back', async () => {
  const made = await call('/control/people', { email: 'Ada@Example.test', name: 'Ada Lovelace' })
  assert.deepEqual([made.status, made.json.email, made.json.name], [201, 'ada@example.test', 'Ada Lovelace'])
  await call('/control/todoist/demo@example.test/tasks', { content: 'One more' })
  await call('/control/reset', {})
  const open = listOf((await call('/control/todoist/demo@example.test/tasks')).json.tasks)
  assert.equal(open.filter(task => !fieldsOf(task).checked).length, 23)
})

test('bad input is answered with a sentence and changes nothing', async () => {
  const bad: [string, unknown, number][] = [
    ['/control/people', { email: 'nobody' }, 400],
    ['/control/todoist/ada@example.test/tasks', { content: '' }, 400],
    ['/control/todoist/ada@example.test/tasks/unknown/complete', {}, 404],
    ['/control/todoist/ada@example.test/tasks/unknown/eat', {}, 404],
    ['/control/faults', { target: 'push', mode: 'down' }, 404],
    ['/control/faults', { target: 'google', mode: '403', reason: 'mood' }, 400],
    ['/control/google/ada@example.test/events', { start: 'soon', end: 'later' }, 400],
    ['/control/google/ada@example.test/events/unknown/move', {}, 404],
    ['/control/faults', { target: 'moon', mode: 'down' }, 400],
    ['/control/faults', { target: 'oidc', mode: 'sleepy' }, 400],
    ['/control/faults', { target: 'oidc', mode: 'slow', ms: -1 }, 400],
    ['/control/push/subscriptions', {}, 501],
  ]
  for (const [path, body, status] of bad) {
    const answer = await call(path, body)
    assert.equal(answer.status, status, path)
    assert.match(String(answer.json.error), /\.$|not found|must be|invalid value/i, path)
  }
})

test('a page cannot use the control door, and only this machine is answered', async () => {
  assert.equal((await call('/control/reset', {}, { origin: 'http://localhost:3000' })).status, 403)
  const status = await new Promise(resolve => {
    request(`${sandbox.url}/control/log`, { headers: { host: 'rebound.example.test' } }, res => {
      res.resume()
      resolve(res.statusCode)
    }).end()
  })
  assert.equal(status, 421)
})

test('the log tells what was asked and masks every secret', async () => {
  const { clientId, clientSecret } = demoTodoistApp
  const body = { client_id: clientId, client_secret: clientSecret, code: 'a-code-to-hide' }
  await call('/todoist/oauth/access_token', body)
  await assert.rejects(new TodoistApi('a-token-to-hide', { baseUrl: sandbox.url }).getTasks())
  await call('/oidc/jwks?code=another-code-to-hide&state=kept')
  const log = await call('/control/log')
  const seen = listOf(log.json.requests).map(entry => [
    fieldsOf(entry).target,
    fieldsOf(entry).path,
    fieldsOf(entry).status,
  ])
  assert.deepEqual(seen.slice(0, 2), [
    ['todoist', '/todoist/oauth/access_token', 400],
    ['todoist', '/todoist/api/v1/tasks', 401],
  ])
  assert.doesNotMatch(log.text, /to-hide/)
  assert.doesNotMatch(log.text, new RegExp(clientSecret))
  assert.match(log.text, /"state":"kept"/)
})

describe('a fault is real to a client', () => {
  const tasks = '/todoist/api/v1/tasks'
  const fault = (mode: string, more = {}) => call('/control/faults', { target: 'todoist', mode, ...more })
  const codeOf = (error: unknown): unknown =>
    error instanceof Error && error.cause instanceof Error && 'code' in error.cause
      ? error.cause.code
      : undefined

  test('down ends the connection without an answer', async () => {
    await fault('down')
    await assert.rejects(call(tasks), error => codeOf(error) === 'UND_ERR_SOCKET')
  })

  test('reset breaks the connection', async () => {
    await fault('reset')
    await assert.rejects(call(tasks), error => codeOf(error) === 'ECONNRESET')
  })

  test('slow answers properly, later', async () => {
    await fault('slow', { ms: 120 })
    const start = performance.now()
    assert.equal((await call(tasks)).status, 401)
    assert.ok(performance.now() - start >= 115)
  })

  test('hang sends headers and then nothing', async () => {
    await fault('hang')
    const stop = new AbortController()
    const response = await fetch(`${sandbox.url}${tasks}`, { signal: stop.signal })
    assert.equal(response.status, 200)
    const reading = response.text()
    stop.abort()
    await assert.rejects(reading, { name: 'AbortError' })
  })

  test('429 says when to come back', async () => {
    await fault('429', { ms: 3_000 })
    const answer = await call(tasks)
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '3'])
  })

  test('500 and 410 are answers', async () => {
    for (const status of ['500', '410']) {
      await fault(status)
      assert.equal((await call(tasks)).status, Number(status))
    }
  })

  test('garbage is no JSON, and the official client does not survive it silently', async () => {
    await fault('garbage')
    assert.equal(jsonOf((await call(tasks)).text), undefined)
    await assert.rejects(new TodoistApi('any', { baseUrl: sandbox.url }).getTasks())
  })

  test('huge is more than 10 MB', async () => {
    await fault('huge')
    assert.ok((await call(tasks)).text.length > 10 * 1024 * 1024)
  })

  test('count ends it by itself, none ends it at once, and the other provider is untouched', async () => {
    await fault('500', { count: 2 })
    const statuses = []
    for (let times = 0; times < 3; times += 1) statuses.push((await call(tasks)).status)
    assert.deepEqual(statuses, [500, 500, 401])
    await fault('down')
    assert.equal((await call('/oidc/.well-known/openid-configuration')).status, 200)
    assert.equal((await call('/health')).status, 200)
    await fault('none')
    assert.equal((await call(tasks)).status, 401)
    await call('/control/faults', { target: 'oidc', mode: '500' })
    assert.equal((await call('/oidc/.well-known/openid-configuration')).status, 500)
  })
})

test('a second sandbox on the same port is refused with a sentence', async () => {
  await assert.rejects(startSandbox({ port: sandbox.port }), /is taken/)
})

test('stop ends also a connection that hangs', async () => {
  const other = await startSandbox()
  await fetch(`${other.url}/control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ target: 'oidc', mode: 'hang' }),
  })
  const response = await fetch(`${other.url}/oidc/jwks`)
  const reading = assert.rejects(response.text())
  await other.stop()
  await reading
})
