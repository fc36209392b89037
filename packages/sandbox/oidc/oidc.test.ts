import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import * as client from 'openid-client'
import { demoClient, type Sandbox, startSandbox, subOf } from '../index.ts'
import { createTestBrowser } from '../test-browser.ts'

const redirectUri = 'http://localhost:3000/api/auth/callback/demo'

const discover = (sandbox: Sandbox) =>
  client.discovery(new URL(sandbox.issuer), demoClient.id, demoClient.secret, undefined, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })

async function ask(config: client.Configuration, extra: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid email profile',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } }
}

async function signIn(sandbox: Sandbox, config: client.Configuration, extra: Record<string, string> = {}) {
  const { url, checks } = await ask(config, extra)
  const landed = await createTestBrowser(sandbox.url).open(url.href)
  assert.equal(landed.url.href.split('?')[0], redirectUri)
  const tokens = await client.authorizationCodeGrant(config, landed.url, checks)
  return { tokens, claims: tokens.claims() }
}

describe('the identity provider, asked by openid-client', () => {
  let sandbox: Sandbox
  let config: client.Configuration
  before(async () => {
    sandbox = await startSandbox({ auto: true })
    config = await discover(sandbox)
  })
  after(() => sandbox.stop())

  test('the demo person signs in with code, PKCE, state and nonce, and the ID token says who it is', async () => {
    const { claims, tokens } = await signIn(sandbox, config)
    assert.equal(claims?.iss, `${sandbox.url}/oidc`)
    assert.equal(claims?.email, 'demo@example.test')
    assert.equal(claims?.email_verified, true)
    assert.equal(claims?.name, 'Demo')
    const info = await client.fetchUserInfo(config, tokens.access_token, subOf('demo@example.test'))
    assert.equal(info.email, 'demo@example.test')
  })

  test('login_hint signs in that person, a new address is a new person, and one session never sticks', async () => {
    const browser = createTestBrowser(sandbox.url)
    for (const email of ['ada@example.test', 'new.person@example.test']) {
      const { url, checks } = await ask(config, { login_hint: email })
      const tokens = await client.authorizationCodeGrant(config, (await browser.open(url.href)).url, checks)
      assert.equal(tokens.claims()?.email, email)
    }
    const { claims } = await signIn(sandbox, config, { login_hint: 'new.person@example.test' })
    assert.equal(claims?.name, 'New Person')
  })

  test('a request without PKCE is refused', async () => {
    const { url } = await ask(config)
    url.searchParams.delete('code_challenge')
    url.searchParams.delete('code_challenge_method')
    const landed = await createTestBrowser(sandbox.url).open(url.href)
    assert.equal(landed.url.searchParams.get('error'), 'invalid_request')
  })

  test('a redirect address that is not of this installation is refused, until it is added', async () => {
    const elsewhere = 'http://127.0.0.1:45678'
    const { url } = await ask(config, { redirect_uri: `${elsewhere}/api/auth/callback/demo` })
    assert.equal((await createTestBrowser(sandbox.url).open(url.href)).status, 400)
    sandbox.addOrigin(elsewhere)
    assert.equal((await createTestBrowser(sandbox.url).open(url.href)).url.origin, elsewhere)
  })

  test('a code is good once', async () => {
    const { url, checks } = await ask(config)
    const landed = await createTestBrowser(sandbox.url).open(url.href)
    await client.authorizationCodeGrant(config, landed.url, checks)
    await assert.rejects(client.authorizationCodeGrant(config, landed.url, checks), {
      error: 'invalid_grant',
    })
  })
})

test('without auto, a page with one button asks who signs in, and what it shows is escaped', async () => {
  const sandbox = await startSandbox()
  try {
    const config = await discover(sandbox)
    const browser = createTestBrowser(sandbox.url)
    const { url, checks } = await ask(config, { login_hint: 'ada@example.test' })
    const page = await browser.open(url.href)
    assert.equal(page.status, 200)
    assert.match(page.html, />Continue as Ada</)

    const refused = await browser.open(page.url.href, { email: '<script>alert(1)</script>' })
    assert.equal(refused.status, 400)
    assert.match(refused.html, /not an e-mail address/)
    assert.doesNotMatch(refused.html, /<script/)

    await fetch(`${sandbox.url}/control/people`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.test', name: '<img src=x>' }),
    })
    const escaped = await browser.open(page.url.href)
    assert.match(escaped.html, /Continue as &#60;img src=x&#62;/)

    const landed = await browser.open(page.url.href, { email: 'grace@example.test' })
    const tokens = await client.authorizationCodeGrant(config, landed.url, checks)
    assert.equal(tokens.claims()?.email, 'grace@example.test')
  } finally {
    await sandbox.stop()
  }
})

test('a restart keeps sub, and a relying party that knew the earlier keys goes on', async () => {
  const first = await startSandbox({ auto: true })
  const config = await discover(first)
  const before = await signIn(first, config, { login_hint: 'ada@example.test' })
  await first.stop()
  const second = await startSandbox({ auto: true, port: first.port })
  try {
    const again = await signIn(second, config, { login_hint: 'ada@example.test' })
    assert.equal(again.claims?.sub, before.claims?.sub)
  } finally {
    await second.stop()
  }
})
