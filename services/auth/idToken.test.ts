import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { foreignKey, type Lie, startHostileProvider } from './hostileProvider.ts'
import { openBrowser, openWorld, origin } from './testWorld.ts'

const world = await openWorld()
const provider = await startHostileProvider()
const settings = {
  id: 'hostile',
  name: 'H',
  issuer: provider.issuer,
  clientId: 'oo',
  clientSecret: 'the secret',
}
const auth = world.start({ providers: [{ ...settings, allowHttp: true }] })
after(async () => {
  await provider.stop()
  await world.close()
})

async function signInWith(lie: Lie): Promise<string> {
  const browser = openBrowser(auth)
  const sent = new URL(await browser.login({}, 'hostile')).searchParams
  assert.equal(sent.get('code_challenge_method'), 'S256')
  provider.answerWith({ nonce: sent.get('nonce') ?? '', lie })
  const query = new URLSearchParams({ code: 'c', state: sent.get('state') ?? '' })
  return browser.callback(`${origin}/api/auth/callback/hostile?${query}`, 'hostile')
}
const hour = 3_600
const said = (part: object, claims: object) => void Object.assign(part, claims)

const lies: Record<string, Lie> = {
  'no token': () => ({ none: true }),
  'no signature': () => ({ unsigned: true }),
  'alg none': ({ header }) => {
    header.alg = 'none'
    return { unsigned: true }
  },
  'a foreign key': () => ({ key: foreignKey }),
  'an unknown key id': ({ header }) => said(header, { kid: 'other' }),
  'signed with the public key as a secret': ({ header }) => {
    header.alg = 'HS256'
    return { hmac: provider.publicPem }
  },
  "signed with the client's secret": ({ header }) => {
    header.alg = 'HS256'
    return { hmac: 'the secret' }
  },
  'another issuer': ({ claims }) => said(claims, { iss: 'https://evil.test' }),
  'another audience': ({ claims }) => said(claims, { aud: 'someone-else' }),
  'a foreign authorised party': ({ claims }) => {
    claims.aud = ['oo', 'other']
    claims.azp = 'other'
    return undefined
  },
  expired: ({ claims }) => said(claims, { exp: Number(claims.iat) - hour }),
  'from the future': ({ claims }) => said(claims, { nbf: Number(claims.iat) + hour }),
  'no expiry': ({ claims }) => said(claims, { exp: undefined }),
  'another nonce': ({ claims }) => said(claims, { nonce: 'replayed' }),
  'no nonce': ({ claims }) => said(claims, { nonce: undefined }),
  'no subject': ({ claims }) => said(claims, { sub: undefined }),
  'a subject that is no text': ({ claims }) => said(claims, { sub: { $ne: null } }),
}

for (const [name, lie] of Object.entries(lies))
  test(`an ID token is refused: ${name}`, async () => {
    assert.equal(await signInWith(lie), `${origin}/sign-in?problem=refused`)
    assert.equal(await world.count('auth.people'), 0)
  })

test('the same provider with an honest token signs in', async () => {
  assert.equal(await signInWith(() => undefined), `${origin}/connect`)
})
