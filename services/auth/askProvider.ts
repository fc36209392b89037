import * as oidc from 'openid-client'
import { callbackOf } from './beginSignIn.ts'
import type { SignInUnderWay } from './loginCookie.ts'
import type { Provider } from './provider.ts'

const longestTextChars = 254

export interface Identified {
  issuer: string
  subject: string
  name: string
  email: string
  emailVerified: boolean
}

/** Trades the code for an ID token, checked in every part; asks for the card only where that is needed. */
export async function askProvider(
  input: { provider: Provider; underWay: SignInUnderWay; url: URL },
  needsCard: (identity: { issuer: string; subject: string }) => Promise<boolean>,
): Promise<Identified> {
  const { provider, underWay, url } = input
  const configuration = await provider.configuration()
  // The address is the one we gave, whatever the request's own path was; only the answer is taken from it.
  const answered = new URL(callbackOf(underWay.origin, provider.id))
  answered.search = url.search
  const tokens = await oidc.authorizationCodeGrant(configuration, answered, {
    expectedState: underWay.state,
    expectedNonce: underWay.nonce,
    pkceCodeVerifier: underWay.verifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims) throw new Error('the provider sent no ID token')
  const identity = { issuer: claims.iss, subject: claims.sub }

  const inToken = cardOf(claims)
  const asksMore =
    (inToken.email === '' || inToken.name === '') &&
    configuration.serverMetadata().userinfo_endpoint !== undefined &&
    (await needsCard(identity))
  if (!asksMore) return { ...identity, ...inToken }
  const info = await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
  return { ...identity, ...cardOf({ ...claims, ...info }) }
}

/** A provider's claims are text from outside: bounded, and verified only when it says so plainly. */
function cardOf(claims: Readonly<Record<string, unknown>>): Omit<Identified, 'issuer' | 'subject'> {
  const email = textOf(claims.email)
  const given = [textOf(claims.given_name), textOf(claims.family_name)].join(' ').trim()
  return {
    name: textOf(claims.name) || given,
    email,
    emailVerified: email !== '' && (claims.email_verified === true || claims.email_verified === 'true'),
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.trim().slice(0, longestTextChars) : ''
