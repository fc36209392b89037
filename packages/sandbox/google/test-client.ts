import { calendar, type calendar_v3 } from '@googleapis/calendar'
import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library'
import { demoGoogleApp } from '../index.ts'
import { createTestBrowser } from '../test-browser.ts'

/** For tests: Google's own clients, pointed at a sandbox. */
export const scopes = [
  'https://www.googleapis.com/auth/calendar.events.readonly',
  'https://www.googleapis.com/auth/calendar.freebusy',
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
]
export const redirectUri = 'http://localhost:3000/api/integrations/google/callback'

export function authOf(sandboxUrl: string): OAuth2Client {
  const base = `${sandboxUrl}/google`
  return new OAuth2Client({
    ...demoGoogleApp,
    redirectUri,
    endpoints: {
      oauth2AuthBaseUrl: `${base}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${base}/token`,
      oauth2RevokeUrl: `${base}/revoke`,
      tokenInfoUrl: `${base}/tokeninfo`,
    },
  })
}

export const apiOf = (sandboxUrl: string, auth: OAuth2Client): calendar_v3.Calendar =>
  calendar({ version: 'v3', auth, rootUrl: `${sandboxUrl}/google/` })

/** The question, with a verifier for its answer. */
export async function question(auth: OAuth2Client, email: string, more: Record<string, unknown> = {}) {
  const { codeVerifier, codeChallenge = '' } = await auth.generateCodeVerifierAsync()
  const url = auth.generateAuthUrl({
    scope: scopes,
    access_type: 'offline',
    prompt: 'consent',
    state: 's',
    login_hint: email,
    code_challenge: codeChallenge,
    code_challenge_method: CodeChallengeMethod.S256,
    ...more,
  })
  return { url, codeVerifier }
}

/** The whole round: the consent, the code, the tokens. */
export async function connect(sandboxUrl: string, email: string, more: Record<string, unknown> = {}) {
  const auth = authOf(sandboxUrl)
  const { url, codeVerifier } = await question(auth, email, more)
  const landed = await createTestBrowser(sandboxUrl).open(url)
  const code = landed.url.searchParams.get('code') ?? ''
  const { tokens } = await auth.getToken({ code, codeVerifier })
  auth.setCredentials(tokens)
  return { auth, tokens, code, codeVerifier, landed, api: apiOf(sandboxUrl, auth) }
}

/** For `assert.rejects`: the status, and the reason if one is given, as Google's client reports them. */
export const refused =
  (status: number, reason?: string) =>
  (error: unknown): boolean => {
    if (!(error instanceof Error) || !('status' in error) || error.status !== status) return false
    return (
      reason === undefined ||
      JSON.stringify('response' in error ? error.response : '').includes(`"${reason}"`)
    )
  }

/** The control door. */
export async function control(sandboxUrl: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${sandboxUrl}/control/${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  })
  return response.json()
}
