// The seam to Google's clients: both send through the `fetchImplementation` of their transporter, which is ours here.
// It remembers why a call failed, because the clients wrap every failure in an error of their own.
import { type Outbound, OutboundError } from '@oo/kernel'
import { ConnectorTrouble } from '../connector.ts'
import { waitSeconds } from '../retryAfter.ts'

export type StatusReader = (status: number, body: string, retryAfter: string | null) => ConnectorTrouble

export interface Transport {
  fetchImplementation: typeof fetch
  /** Why the last call failed; an answer that the client could not read is garbage. */
  troubleOf(error: unknown): ConnectorTrouble
}

export function openTransport(
  outbound: Outbound,
  input: { signal: AbortSignal; readStatus: StatusReader },
): Transport {
  let seen: ConnectorTrouble | undefined
  const fail = (trouble: ConnectorTrouble): ConnectorTrouble => {
    seen = trouble
    return trouble
  }
  return {
    async fetchImplementation(url, options = {}) {
      seen = undefined
      const { method, headers, body } = options
      const response = await outbound
        .fetch(url, {
          ...(method && { method }),
          ...(headers && { headers: [...new Headers(headers)] }),
          ...(body && { body }),
          signal: input.signal,
        })
        .catch((error: unknown) => {
          throw fail(new ConnectorTrouble('away', error instanceof OutboundError ? error.reason : 'network'))
        })
      const text = await response.text()
      const { status, ok } = response
      if (!ok) fail(input.readStatus(status, text, response.headers.get('retry-after')))
      else if (text !== '' && !isJson(text))
        throw fail(new ConnectorTrouble('garbage', 'the answer is not JSON'))
      return new Response(text === '' ? null : text, { status, headers: response.headers })
    },
    troubleOf(error) {
      if (seen) return seen
      if (error instanceof ConnectorTrouble) return error
      return new ConnectorTrouble('garbage', 'the answer has another shape')
    },
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const mostRead = 4_000

/** What a status means for a call with an access token. Google says with 403 both `slower` and `not yours`. */
export const readApiStatus: StatusReader = (status, body, retryAfter) => {
  const said = body.slice(0, mostRead)
  const detail = `status ${status}`
  const isQuota = status === 429 || (status === 403 && /"(\w*LimitExceeded|quotaExceeded)"/.test(said))
  if (isQuota) return new ConnectorTrouble('quota', detail, waitSeconds(retryAfter))
  // The rest of 403 is about this instance's project, which no person can mend by connecting again.
  const isOurs = status === 403 && !/"(insufficientPermissions|forbidden|authError)"/.test(said)
  if (isOurs || status >= 500 || status === 408) return new ConnectorTrouble('away', detail)
  if (status === 401 || status === 403) return new ConnectorTrouble('revoked', detail)
  return new ConnectorTrouble(status === 410 ? 'gone' : 'garbage', detail)
}

/** At the token endpoint only a refused grant is the person's to mend; refused app credentials are ours. */
export const readTokenStatus: StatusReader = (status, body, retryAfter) => {
  if (/"invalid_grant"/.test(body.slice(0, mostRead)))
    return new ConnectorTrouble('revoked', `status ${status}`)
  if (status === 429 || status >= 500 || status === 408) return readApiStatus(status, body, retryAfter)
  return new ConnectorTrouble('garbage', `the token endpoint answered ${status}`)
}

/** 400 says that the token is expired or revoked, which is what was wanted. */
export const readRevokeStatus: StatusReader = (status, body, retryAfter) => {
  if (status === 400) return new ConnectorTrouble('gone', 'status 400')
  if (status === 429 || status >= 500 || status === 408) return readApiStatus(status, body, retryAfter)
  return new ConnectorTrouble('garbage', `the revoke endpoint answered ${status}`)
}
