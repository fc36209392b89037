// The seam to Google's clients: both send through the `fetchImplementation` of their transporter, which is ours here.
import type { Outbound } from '@oo/kernel'
import { ConnectorTrouble } from '../connector.ts'
import { usualWaitSeconds } from '../retryAfter.ts'
import { openSdkTransport, type SdkTransport, type StatusReader } from '../sdkTransport.ts'

export interface Transport extends Pick<SdkTransport, 'troubleOf'> {
  fetchImplementation: typeof fetch
}

export function openTransport(
  outbound: Outbound,
  input: { signal: AbortSignal; readStatus: StatusReader },
): Transport {
  const { send, troubleOf } = openSdkTransport(outbound, input)
  return {
    async fetchImplementation(url, options) {
      const { answer, text } = await send(url, options)
      return new Response(text === '' ? null : text, { status: answer.status, headers: answer.headers })
    },
    troubleOf,
  }
}

const mostRead = 4_000

/** What a status means for a call with an access token. Google says with 403 both `slower` and `not yours`. */
export const readApiStatus: StatusReader = (status, body, asked) => {
  const said = body.slice(0, mostRead)
  const detail = `status ${status}`
  const isQuota = status === 429 || (status === 403 && /"(\w*LimitExceeded|quotaExceeded)"/.test(said))
  if (isQuota) return new ConnectorTrouble('quota', detail, asked ?? usualWaitSeconds)
  // The rest of 403 is about this instance's project, which no person can mend by connecting again.
  const isOurs = status === 403 && !/"(insufficientPermissions|forbidden|authError)"/.test(said)
  if (isOurs || status >= 500 || status === 408) return new ConnectorTrouble('away', detail, asked)
  if (status === 401 || status === 403) return new ConnectorTrouble('revoked', detail)
  return new ConnectorTrouble(status === 410 ? 'gone' : 'garbage', detail)
}

/** At the token endpoint only a refused grant is the person's to mend; refused app credentials are ours. */
export const readTokenStatus: StatusReader = (status, body, asked) => {
  if (/"invalid_grant"/.test(body.slice(0, mostRead)))
    return new ConnectorTrouble('revoked', `status ${status}`)
  if (status === 429 || status >= 500 || status === 408) return readApiStatus(status, body, asked)
  return new ConnectorTrouble('garbage', `the token endpoint answered ${status}`)
}

/** 400 says that the token is expired or revoked, which is what was wanted. */
export const readRevokeStatus: StatusReader = (status, body, asked) => {
  if (status === 400) return new ConnectorTrouble('gone', 'status 400')
  if (status === 429 || status >= 500 || status === 408) return readApiStatus(status, body, asked)
  return new ConnectorTrouble('garbage', `the revoke endpoint answered ${status}`)
}
