import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  createCommand,
  getAuthorizationUrl,
  getAuthStateParameter,
  getAuthToken,
  type Permission,
  refreshAuthToken,
  revokeToken,
  TodoistApi,
} from '@doist/todoist-sdk'
import { demoTodoistApp, type Sandbox, startSandbox } from '../index.ts'
import { createTestBrowser } from '../test-browser.ts'

const permissions: Permission[] = ['data:read_write', 'data:delete']

async function connect(sandbox: Sandbox, baseUrl: string, email: string, asked = permissions) {
  const state = getAuthStateParameter()
  const { clientId, clientSecret } = demoTodoistApp
  const url = new URL(getAuthorizationUrl({ clientId, permissions: asked, state, baseUrl }))
  url.searchParams.set('login_hint', email)
  const landed = await createTestBrowser(sandbox.url).open(url.href)
  assert.equal(landed.url.searchParams.get('state'), state)
  const code = landed.url.searchParams.get('code') ?? ''
  return { code, tokens: await getAuthToken({ clientId, clientSecret, code }, { baseUrl }) }
}

const refused = (status: number) => (error: unknown) =>
  error instanceof Error && 'httpStatusCode' in error && error.httpStatusCode === status

describe('Todoist, asked by its own client', () => {
  let sandbox: Sandbox
  let baseUrl: string
  before(async () => {
    sandbox = await startSandbox({ auto: true })
    baseUrl = `${sandbox.url}/todoist`
  })
  after(() => sandbox.stop())

  const apiOf = async (email: string, asked?: Permission[]) => {
    const { tokens } = await connect(sandbox, baseUrl, email, asked)
    return new TodoistApi(tokens.accessToken, { baseUrl })
  }
  const live = async (email: string): Promise<unknown> =>
    (await fetch(`${sandbox.url}/control/todoist/${email}/grants`)).json()
  const control = (path: string, body: unknown = {}) =>
    fetch(`${sandbox.url}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('the base address works with the /todoist path and without it', async () => {
    for (const base of [baseUrl, sandbox.url]) {
      const { tokens } = await connect(sandbox, base, 'base@example.test')
      assert.equal(
        (await new TodoistApi(tokens.accessToken, { baseUrl: base }).getUser()).email,
        'base@example.test',
      )
    }
  })

  test('a code becomes an access token and a refresh token, once', async () => {
    const { code, tokens } = await connect(sandbox, baseUrl, 'code@example.test')
    assert.equal(tokens.tokenType, 'Bearer')
    assert.equal(tokens.expiresIn, 3600)
    assert.ok(tokens.refreshToken)
    await assert.rejects(getAuthToken({ ...demoTodoistApp, code }, { baseUrl }), refused(400))
    await assert.rejects(
      getAuthToken({ ...demoTodoistApp, clientSecret: 'wrong', code }, { baseUrl }),
      refused(400),
    )
  })

  test('refresh turns the refresh token; using an old one ends the grant', async () => {
    const email = 'turn@example.test'
    const { tokens } = await connect(sandbox, baseUrl, email)
    const first = tokens.refreshToken ?? ''
    const second = await refreshAuthToken({ ...demoTodoistApp, refreshToken: first }, { baseUrl })
    assert.notEqual(second.refreshToken, first)
    const api = new TodoistApi(second.accessToken, { baseUrl })
    assert.equal((await api.getTasks()).results.length, 6)
    await assert.rejects(
      refreshAuthToken({ ...demoTodoistApp, refreshToken: first }, { baseUrl }),
      refused(400),
    )
    await assert.rejects(api.getTasks(), refused(401))
    const latest = second.refreshToken ?? ''
    await assert.rejects(
      refreshAuthToken({ ...demoTodoistApp, refreshToken: latest }, { baseUrl }),
      refused(400),
    )
    assert.deepEqual(await live(email), { live: 0, grants: [] })
  })

  test('an expired access token is refused with 401 in the shape of Todoist, and refresh helps', async () => {
    const email = 'expired@example.test'
    const { tokens } = await connect(sandbox, baseUrl, email)
    await control(`todoist/${email}/grants/expire`)
    await assert.rejects(new TodoistApi(tokens.accessToken, { baseUrl }).getTasks(), error => {
      assert.ok(refused(401)(error))
      assert.match(
        JSON.stringify(error instanceof Error && 'responseData' in error && error.responseData),
        /AUTH_INVALID_TOKEN/,
      )
      return true
    })
    const next = await refreshAuthToken(
      { ...demoTodoistApp, refreshToken: tokens.refreshToken ?? '' },
      { baseUrl },
    )
    assert.ok((await new TodoistApi(next.accessToken, { baseUrl }).getTasks()).results.length > 0)
  })

  test('revoke ends the grant, and revoking again or an unknown token is fine', async () => {
    const email = 'revoke@example.test'
    const { tokens } = await connect(sandbox, baseUrl, email)
    for (const token of [tokens.accessToken, tokens.accessToken, 'unknown']) {
      assert.equal(await revokeToken({ ...demoTodoistApp, token }, { baseUrl }), true)
    }
    await assert.rejects(new TodoistApi(tokens.accessToken, { baseUrl }).getTasks(), refused(401))
    await assert.rejects(
      revokeToken({ ...demoTodoistApp, clientSecret: 'wrong', token: 'x' }, { baseUrl }),
      refused(401),
    )
    assert.deepEqual(await live(email), { live: 0, grants: [] })
  })

  test('the list comes in pages that neither repeat nor skip while a task is closed in between', async () => {
    const api = await apiOf('demo@example.test')
    const seen: string[] = []
    let cursor: string | null = null
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await api.getTasks({ limit: 7, cursor })
      seen.push(...page.results.map(task => task.id))
      cursor = page.nextCursor
      if (cursor === null) break
      if (pages === 0) await api.closeTask(page.results[6]?.id ?? '')
    }
    assert.equal(seen.length, 23)
    assert.equal(new Set(seen).size, 23)
    await assert.rejects(api.getTasks({ limit: 500 }), refused(400))
    await assert.rejects(api.getTasks({ cursor: 'nonsense' }), refused(400))
    await control('reset')
  })

  test('create, read, update, close, reopen, delete', async () => {
    const api = await apiOf('verbs@example.test')
    const task = await api.addTask({
      content: 'Post the letter',
      priority: 3,
      dueString: 'tomorrow at 09:30',
    })
    assert.match(task.due?.date ?? '', /T09:30:00$/)
    assert.equal((await api.getTask(task.id)).content, 'Post the letter')
    assert.equal((await api.updateTask(task.id, { dueString: null, content: 'Post both letters' })).due, null)
    assert.equal(await api.closeTask(task.id), true)
    assert.equal((await api.getTask(task.id)).checked, true)
    assert.ok(!(await api.getTasks()).results.some(open => open.id === task.id))
    assert.equal(await api.reopenTask(task.id), true)
    assert.ok((await api.getTasks()).results.some(open => open.id === task.id))
    assert.equal(await api.deleteTask(task.id), true)
    await assert.rejects(api.getTask(task.id), refused(404))
    await assert.rejects(api.closeTask('6Xunknown'), refused(404))
    await assert.rejects(api.addTask({ content: 'x', priority: 9 }), refused(400))
    await assert.rejects(api.addTask({ content: 'x', dueString: 'when pigs fly' }), refused(400))
  })

  test('closing a parent closes its sub-tasks, reopening a sub-task reopens its parent', async () => {
    const api = await apiOf('family@example.test')
    const parent = await api.addTask({ content: 'Bake a cake' })
    const child = await api.addTask({ content: 'Buy flour', parentId: parent.id })
    await api.closeTask(parent.id)
    assert.equal((await api.getTask(child.id)).checked, true)
    await api.reopenTask(child.id)
    assert.equal((await api.getTask(parent.id)).checked, false)
  })

  test('closing a recurring task moves it on, and only the activity log remembers the occurrence', async () => {
    const api = await apiOf('again@example.test')
    const task = await api.addTask({ content: 'Stretch', dueString: 'every day' })
    await api.closeTask(task.id)
    const moved = await api.getTask(task.id)
    assert.equal(moved.checked, false)
    assert.ok((moved.due?.date ?? '') > (task.due?.date ?? ''))
    const since = new Date(Date.now() - 86_400_000).toISOString()
    const until = new Date(Date.now() + 86_400_000).toISOString()
    assert.equal((await api.getCompletedTasksByCompletionDate({ since, until })).items.length, 0)
    const log = await api.getActivityLogs({ objectEventTypes: ['task:completed'] })
    assert.equal(log.results[0]?.objectId, task.id)
    assert.equal(log.results[0]?.extraData?.isRecurring, true)
  })

  test('the scopes that were not given are refused', async () => {
    const api = await apiOf('reader@example.test', ['data:read'])
    const first = (await api.getTasks()).results[0]?.id ?? ''
    await assert.rejects(api.closeTask(first), refused(403))
    await assert.rejects(api.deleteTask(first), refused(403))
  })

  test('sync gives everything, then what changed, and executes a command once', async () => {
    const api = await apiOf('sync@example.test')
    const full = await api.sync({ syncToken: '*', resourceTypes: ['items', 'projects', 'user'] })
    assert.equal(full.fullSync, true)
    assert.equal(full.items?.length, 6)
    assert.equal(full.projects?.[0]?.name, 'Inbox')
    assert.equal(full.user?.email, 'sync@example.test')

    const recurring = full.items?.find(item => item.due?.isRecurring)
    const due = { date: '2030-01-01', string: 'every day', isRecurring: true }
    const command = createCommand('item_update_date_complete', {
      id: recurring?.id ?? '',
      due,
      isForward: true,
    })
    for (let times = 0; times < 3; times += 1) await api.sync({ commands: [command] })
    const syncToken = full.syncToken ?? ''
    const changed = await api.sync({ syncToken, resourceTypes: ['items'] })
    assert.equal(changed.fullSync, false)
    assert.equal(changed.items?.length, 1)
    const log = await api.getActivityLogs({ objectEventTypes: ['task:completed'] })
    assert.equal(log.results.length, 1)
    assert.equal(changed.items?.[0]?.due?.date, '2030-01-01')

    const plain = full.items?.find(item => !item.due?.isRecurring)
    await api.closeTask(plain?.id ?? '')
    const after = await api.sync({ syncToken: changed.syncToken ?? '', resourceTypes: ['items'] })
    assert.deepEqual(
      after.items?.map(item => [item.id, item.checked]),
      [[plain?.id, true]],
    )
    await assert.rejects(
      api.sync({ commands: [createCommand('item_delete', { id: 'nobody' })] }),
      refused(404),
    )
  })

  test('a sync token of no use is refused, or answered with everything', async () => {
    const email = 'stale@example.test'
    const api = await apiOf(email)
    const { syncToken } = await api.sync({ syncToken: '*', resourceTypes: ['items'] })
    await control(`todoist/${email}/sync-tokens/expire`)
    const ask = (token = '') => api.sync({ syncToken: token, resourceTypes: ['items'] })
    await assert.rejects(ask(syncToken), refused(400))
    await assert.rejects(ask('nonsense'), refused(400))
    assert.equal((await ask('*')).fullSync, true)
  })

  test('a date that the person moved is an update; the log has no completion of it', async () => {
    const email = 'later@example.test'
    const api = await apiOf(email)
    const task = await api.addTask({ content: 'Stretch', dueString: 'every day' })
    const { syncToken } = await api.sync({ syncToken: '*', resourceTypes: ['items'] })
    await control(`todoist/${email}/tasks/${task.id}/postpone`, { to: '2030-01-01' })
    const { items } = await api.sync({ syncToken: syncToken ?? '', resourceTypes: ['items'] })
    assert.deepEqual(
      items?.map(({ id, due }) => [id, due?.date, due?.isRecurring]),
      [[task.id, '2030-01-01', true]],
    )
    assert.equal((await api.getActivityLogs({ objectEventTypes: ['task:completed'] })).results.length, 0)
  })

  test('item_close, which the client has no type for, moves a recurring task once per uuid', async () => {
    const { tokens } = await connect(sandbox, baseUrl, 'close@example.test')
    const api = new TodoistApi(tokens.accessToken, { baseUrl })
    const task = await api.addTask({ content: 'Stretch', dueString: 'every day' })
    const commands = JSON.stringify([{ type: 'item_close', uuid: 'same', args: { id: task.id } }])
    for (let times = 0; times < 2; times += 1) {
      const response = await fetch(`${baseUrl}/api/v1/sync`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens.accessToken}` },
        body: new URLSearchParams({ commands }),
      })
      assert.match(await response.text(), /"sync_status":\{"same":"ok"\}/)
    }
    const log = await api.getActivityLogs({ objectEventTypes: ['task:completed'] })
    assert.equal(log.results.length, 1)
  })

  test('the demo person has a quarter of a year behind them', async () => {
    const api = await apiOf('demo@example.test')
    const since = new Date(Date.now() - 92 * 86_400_000).toISOString()
    const until = new Date().toISOString()
    const days = new Set<string>()
    let count = 0
    let cursor: string | null = null
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await api.getCompletedTasksByCompletionDate({ since, until, limit: 200, cursor })
      for (const item of page.items) days.add(item.completedAt?.toISOString().slice(0, 10) ?? '')
      count += page.items.length
      cursor = page.nextCursor
      if (cursor === null) break
    }
    assert.ok(count > 150, `${count} completions`)
    assert.ok(days.size > 80, `${days.size} days`)
    assert.equal((await api.getProjects()).results.length, 6)
  })
})

test('a denied, an unknown and a malformed consent are each answered as Todoist does', async () => {
  const sandbox = await startSandbox()
  try {
    const browser = createTestBrowser(sandbox.url)
    const { clientId } = demoTodoistApp
    const ask = (query: Record<string, string>) =>
      browser.open(
        `${sandbox.url}/todoist/oauth/authorize?${new URLSearchParams({ client_id: clientId, state: 's', ...query })}`,
      )
    const page = await ask({ scope: 'data:read' })
    assert.match(page.html, /Continue as Demo/)
    const form = { client_id: clientId, scope: 'data:read', state: 's' }
    const denied = await browser.open(`${sandbox.url}/todoist/oauth/authorize`, { ...form, deny: '1' })
    assert.equal(denied.url.searchParams.get('error'), 'access_denied')
    assert.equal((await ask({ scope: 'everything' })).url.searchParams.get('error'), 'invalid_scope')
    assert.equal((await ask({ client_id: 'somebody', scope: 'data:read' })).status, 400)
    assert.equal((await ask({ redirect_uri: 'https://evil.example/', scope: 'data:read' })).status, 400)
    const given = await browser.open(`${sandbox.url}/todoist/oauth/authorize`, {
      ...form,
      email: 'ada@example.test',
    })
    assert.ok(given.url.searchParams.get('code'))
  } finally {
    await sandbox.stop()
  }
})

test('a token of an earlier life still works after a restart, with the same tasks', async () => {
  const first = await startSandbox({ auto: true })
  const { tokens } = await connect(first, first.url, 'ada@example.test')
  const before = await new TodoistApi(tokens.accessToken, { baseUrl: first.url }).getTasks()
  const token = await new TodoistApi(tokens.accessToken, { baseUrl: first.url }).sync({
    syncToken: '*',
    resourceTypes: ['items'],
  })
  await first.stop()
  const second = await startSandbox({ auto: true, port: first.port })
  try {
    const next = await refreshAuthToken(
      { ...demoTodoistApp, refreshToken: tokens.refreshToken ?? '' },
      { baseUrl: second.url },
    )
    const api = new TodoistApi(next.accessToken, { baseUrl: second.url })
    const again = await api.getTasks()
    assert.deepEqual(
      again.results.map(task => task.id),
      before.results.map(task => task.id),
    )
    const synced = await api.sync({ syncToken: token.syncToken ?? '', resourceTypes: ['items'] })
    assert.equal(synced.fullSync, true)
  } finally {
    await second.stop()
  }
})

test('the Todoist page offers who signed in last in this browser, and reset ends every grant', async () => {
  const sandbox = await startSandbox()
  try {
    const browser = createTestBrowser(sandbox.url)
    const { clientId } = demoTodoistApp
    const query = new URLSearchParams({
      client_id: 'oo-demo',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'http://localhost:3000/api/auth/callback/demo',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })
    const page = await browser.open(`${sandbox.issuer}/auth?${query}`)
    await browser.open(page.url.href, { email: 'grace@example.test' })
    const asked = new URLSearchParams({ client_id: clientId, scope: 'data:read', state: 's' })
    const consent = await browser.open(`${sandbox.url}/oauth/authorize?${asked}`)
    assert.match(consent.html, />Continue as Grace</)

    const form = { ...Object.fromEntries(asked), email: 'grace@example.test' }
    const landed = await browser.open(`${sandbox.url}/oauth/authorize`, form)
    const code = landed.url.searchParams.get('code') ?? ''
    const baseUrl = sandbox.url
    const tokens = await getAuthToken({ ...demoTodoistApp, code }, { baseUrl })
    assert.equal(
      (await new TodoistApi(tokens.accessToken, { baseUrl }).getUser()).email,
      'grace@example.test',
    )
    await fetch(`${sandbox.url}/control/reset`, { method: 'POST' })
    await assert.rejects(new TodoistApi(tokens.accessToken, { baseUrl }).getUser(), refused(401))
    const refreshToken = tokens.refreshToken ?? ''
    await assert.rejects(refreshAuthToken({ ...demoTodoistApp, refreshToken }, { baseUrl }), refused(400))
  } finally {
    await sandbox.stop()
  }
})

test('more than the published limit is refused until the window is over, and says to the second when that is', async () => {
  let at = new Date('2026-05-04T10:00:00Z').getTime()
  const todoistQuota = { whole: 2, partial: 3 }
  const sandbox = await startSandbox({ auto: true, now: () => new Date(at), todoistQuota })
  try {
    const { tokens } = await connect(sandbox, sandbox.url, 'busy@example.test')
    const api = new TodoistApi(tokens.accessToken, { baseUrl: sandbox.url })
    const ask = (syncToken: string) => api.sync({ syncToken, resourceTypes: ['items'] })
    const { syncToken = '' } = await ask('*')
    at += 100_500
    await ask('*')
    await assert.rejects(ask('*'), error => {
      assert.ok(refused(429)(error))
      assert.ok(error instanceof Error && 'responseData' in error)
      assert.match(JSON.stringify(error.responseData), /"retry_?[aA]fter":800/)
      return true
    })
    for (let times = 0; times < 3; times += 1) await ask(syncToken)
    await assert.rejects(ask(syncToken), refused(429))
    at += 800_000
    await ask('*')
  } finally {
    await sandbox.stop()
  }
})
