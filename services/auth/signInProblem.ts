import { OutboundError } from '@oo/kernel'
import * as oidc from 'openid-client'

/** Why a sign-in ended; the sign-in page has a sentence for each. */
export type SignInProblem = 'expired' | 'declined' | 'provider_away' | 'refused' | 'being_deleted'

const declined = new Set(['access_denied', 'login_required', 'consent_required', 'interaction_required'])
const away = new Set(['temporarily_unavailable', 'server_error'])
/** What openid-client says when an answer took too long or is not what a working provider answers. */
const silent = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR'])

export function problemOf(error: unknown): SignInProblem {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (declined.has(error.error)) return 'declined'
    return away.has(error.error) ? 'provider_away' : 'refused'
  }
  if (error instanceof oidc.ResponseBodyError) return error.status >= 500 ? 'provider_away' : 'refused'
  return isAway(error, 5) ? 'provider_away' : 'refused'
}

function isAway(error: unknown, depth: number): boolean {
  if (depth === 0) return false
  if (error instanceof OutboundError) return true
  if (error instanceof Response) return error.status >= 500 || error.status === 429
  if (!(error instanceof Error)) return false
  if (error instanceof oidc.ClientError && silent.has(error.code ?? '')) return true
  return isAway(error.cause, depth - 1)
}
