import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Sandbox, startSandbox } from '../index.ts'
import { createTestBrowser } from '../test-browser.ts'
import { apiOf, authOf, connect, control, question, refused, scopes } from './test-client.ts'

describe('Google’s sign-in, asked by google-auth-library', () => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await startSandbox({ auto: true })
  })
  after(() => sandbox.stop())

  test('a code with its verifier becomes tokens, once', async () => {
    const { auth, tokens, code, codeVerifier, landed } = await connect(sandbox.url, 'code@example.test')
    assert.equal(landed.url.searchParams.get('state'), 's')
    assert.equal(landed.url.searchParams.get('scope'), scopes.join(' '))
    assert.equal(tokens.token_type, 'Bearer')
    assert.equal(tokens.scope, scopes.join(' '))
    assert.ok(tokens.refresh_token)
    assert.ok(Math.abs((tokens.expiry_date ?? 0) - Date.now() - 3_599_000) < 5_000)
    assert.deepEqual((await auth.getTokenInfo(tokens.access_token ?? '')).scopes, scopes)
    await assert.rejects(auth.getToken({ code, codeVerifier }), refused(400, 'invalid_grant'))
  })

  test('a wrong verifier, none, another redirect and another secret are refused', async () => {
    const wrong = [
      { codeVerifier: 'x'.repeat(43) },
      {},
      { redirect_uri: 'http://localhost:3000/api/integrations/other/callback' },
    ]
    for (const answer of wrong) {
      const auth = authOf(sandbox.url)
      const { url, codeVerifier } = await question(auth, 'wrong@example.test')
      const landed = await createTestBrowser(sandbox.url).open(url)
      const code = landed.url.searchParams.get('code') ?? ''
      const options = 'redirect_uri' in answer ? { ...answer, code, codeVerifier } : { ...answer, code }
      await assert.rejects(auth.getToken(options), refused(400))
    }
    const response = await fetch(`${sandbox.url}/google/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'oo-sandbox.apps.googleusercontent.com', client_secret: 'x' }),
    })
    assert.equal(response.status, 401)
    assert.match(await response.text(), /invalid_client/)
  })

  test('a refresh token comes only offline and when somebody was asked; refreshing leaves it as it is', async () => {
    const email = 'refresh@example.test'
    assert.equal(
      (await connect(sandbox.url, email, { access_type: 'online' })).tokens.refresh_token,
      undefined,
    )
    const unasked = await connect(sandbox.url, email, { prompt: undefined })
    assert.equal(unasked.tokens.refresh_token, undefined)
    const { auth, tokens } = await connect(sandbox.url, email)
    for (let times = 0; times < 2; times += 1) {
      const { credentials } = await auth.refreshAccessToken()
      assert.equal(credentials.refresh_token, tokens.refresh_token)
    }
    assert.notEqual(auth.credentials.access_token, tokens.access_token)
  })

  test('an expired access token is refused with 401, and the client refreshes by itself', async () => {
    const { auth, api, tokens } = await connect(sandbox.url, 'late@example.test')
    await control(sandbox.url, 'google/late@example.test/grants/expire', {})
    // Without this, the client goes by its own clock and never refreshes after a 401.
    auth.forceRefreshOnFailure = true
    const bare = authOf(sandbox.url)
    bare.setCredentials({ access_token: tokens.access_token ?? '' })
    await assert.rejects(apiOf(sandbox.url, bare).calendarList.list(), refused(401, 'authError'))
    assert.equal((await api.calendarList.list()).status, 200)
    assert.notEqual(auth.credentials.access_token, tokens.access_token)
  })

  test('revoking ends everything this person gave; a person who revokes does the same', async () => {
    const one = await connect(sandbox.url, 'revoke@example.test')
    const other = await connect(sandbox.url, 'revoke@example.test')
    await one.auth.revokeToken(one.tokens.access_token ?? '')
    for (const { api, auth } of [one, other]) {
      await assert.rejects(auth.refreshAccessToken(), refused(400, 'invalid_grant'))
      await assert.rejects(api.calendarList.list())
    }
    await assert.rejects(one.auth.revokeToken('ya29.unknown'), refused(400, 'invalid_token'))
    const third = await connect(sandbox.url, 'revoke@example.test')
    await control(sandbox.url, 'google/revoke@example.test/grants/revoke', {})
    await assert.rejects(third.auth.refreshAccessToken(), refused(400, 'invalid_grant'))
    assert.deepEqual(await control(sandbox.url, 'google/revoke@example.test/grants'), { live: 0, grants: [] })
  })

  test('what was not ticked is not given', async () => {
    const email = 'granular@example.test'
    await control(sandbox.url, `google/${email}/ticks`, { scopes: scopes.slice(1, 2) })
    const { api, tokens } = await connect(sandbox.url, email)
    assert.equal(tokens.scope, scopes[1])
    await assert.rejects(api.calendarList.list(), refused(403, 'insufficientPermissions'))
    await assert.rejects(api.events.list({ calendarId: 'primary' }), refused(403, 'insufficientPermissions'))
    const requestBody = { timeMin: '2026-01-01T00:00:00Z', timeMax: '2026-01-02T00:00:00Z', items: [] }
    assert.equal((await api.freebusy.query({ requestBody })).status, 200)
    const more = { scope: scopes[2], include_granted_scopes: true }
    await control(sandbox.url, `google/${email}/ticks`, {})
    assert.equal((await connect(sandbox.url, email, more)).tokens.scope, `${scopes[2]} ${scopes[1]}`)
  })

  test('`openid` tells by a number whose grant it is, the same each time, and cannot be unticked', async () => {
    const sub = async (email: string) => {
      const { auth, tokens } = await connect(sandbox.url, email, { scope: ['openid', scopes[0]] })
      const claims = JSON.parse(Buffer.from(tokens.id_token?.split('.')[1] ?? '', 'base64url').toString())
      assert.deepEqual(Object.keys(claims).sort(), ['aud', 'azp', 'exp', 'iat', 'iss', 'sub'])
      assert.ok((await auth.refreshAccessToken()).credentials.id_token)
      return claims.sub
    }
    const one = await sub('sub@example.test')
    assert.match(one, /^\d{2,21}$/)
    assert.equal(await sub('sub@example.test'), one)
    assert.notEqual(await sub('other-sub@example.test'), one)
    await control(sandbox.url, 'google/sub@example.test/ticks', { scopes: [scopes[1]] })
    const { tokens } = await connect(sandbox.url, 'sub@example.test', { scope: ['openid', scopes[0]] })
    assert.equal(tokens.scope, 'openid')
    assert.equal((await connect(sandbox.url, 'no-sub@example.test')).tokens.id_token, undefined)
  })

  test('a grant outlives a restart of the sandbox, a sync token does not', async () => {
    const first = await startSandbox({ auto: true })
    const { auth, api } = await connect(first.url, 'ada@example.test')
    const { data } = await api.events.list({ calendarId: 'primary' })
    await first.stop()
    const second = await startSandbox({ auto: true, port: first.port })
    try {
      await auth.refreshAccessToken()
      const again = await api.events.list({ calendarId: 'primary' })
      assert.deepEqual(
        again.data.items?.map(event => event.id),
        data.items?.map(event => event.id),
      )
      const syncToken = data.nextSyncToken ?? ''
      await assert.rejects(
        api.events.list({ calendarId: 'primary', syncToken }),
        refused(410, 'fullSyncRequired'),
      )
    } finally {
      await second.stop()
    }
  })
})

test('the page lets each scope be left out, and says no as Google does', async () => {
  const sandbox = await startSandbox()
  try {
    const browser = createTestBrowser(sandbox.url)
    const { url } = await question(authOf(sandbox.url), 'ada@example.test')
    const page = await browser.open(url)
    assert.equal(page.html.match(/type="checkbox"/g)?.length, 6, 'three in each of the two forms')
    assert.match(page.html, /Continue as Ada/)
    const fields = Object.fromEntries(new URL(url).searchParams)
    const answer = (more: Record<string, string>) =>
      browser.open(`${sandbox.url}/google/o/oauth2/v2/auth`, {
        ...fields,
        email: 'ada@example.test',
        ...more,
      })
    const given = await answer({ [`tick ${scopes[0]}`]: 'on' })
    assert.equal(given.url.searchParams.get('scope'), scopes[0])
    assert.equal((await answer({})).url.searchParams.get('error'), 'access_denied')
    assert.equal((await answer({ deny: '1' })).url.searchParams.get('error'), 'access_denied')
    const unasked = await browser.open(url.replace('prompt=consent', 'prompt=none'))
    assert.equal(unasked.url.searchParams.get('code'), null)
    for (const [name, value] of [
      ['redirect_uri', 'https://evil.example/'],
      ['redirect_uri', 'http://localhost:3000/elsewhere'],
      ['client_id', 'somebody'],
      ['scope', 'https://www.googleapis.com/auth/drive'],
      ['response_type', 'token'],
    ] as const) {
      const asked = new URL(url)
      asked.searchParams.set(name, value)
      assert.equal((await browser.open(asked.href)).status, 400, name)
    }
  } finally {
    await sandbox.stop()
  }
})
