// Carries the SDK's requests through our own way out and remembers why one failed: the SDK wraps every failure
// in an error that no longer says whether to wait, to reconnect or to give up.
import type { CustomFetch } from '@doist/todoist-sdk'
import { type Outbound, OutboundError } from '@oo/kernel'
import { ConnectorTrouble } from '../connector.ts'
import { askedSeconds, waitSeconds } from '../retryAfter.ts'

/** `asked`: for how many seconds, where the answer says so. */
export type StatusReader = (status: number, body: string, asked: number | undefined) => ConnectorTrouble

/** An answer that is longer than oO reads at once. */
export class TooMuch extends ConnectorTrouble {
  constructor() {
    super('garbage', 'the answer is too long')
  }
}

export interface Transport {
  customFetch: CustomFetch
  /** Why the last call failed; an answer that the SDK could not read is garbage. */
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
    async customFetch(url, options = {}) {
      seen = undefined
      const { method, headers, body } = options
      const response = await outbound
        .fetch(url, {
          ...(method && { method }),
          ...(headers && { headers }),
          ...(body && { body }),
          signal: input.signal,
        })
        .catch((error: unknown) => {
          if (error instanceof OutboundError && error.reason === 'size') throw fail(new TooMuch())
          throw fail(new ConnectorTrouble('away', error instanceof OutboundError ? error.reason : 'network'))
        })
      const text = await response.text()
      const asked = askedSeconds(response.headers.get('retry-after'), response.headers.get('date'))
      if (!response.ok) fail(input.readStatus(response.status, text, asked))
      else if (!isJson(text)) throw fail(new ConnectorTrouble('garbage', 'the answer is not JSON'))
      return {
        ok: response.ok,
        status: response.status,
        statusText: '',
        headers: Object.fromEntries(response.headers),
        text: async () => text,
        json: async () => JSON.parse(text),
      }
    },
    troubleOf(error) {
      if (seen) return seen
      if (error instanceof ConnectorTrouble) return error
      return new ConnectorTrouble('garbage', 'the answer has another shape')
    },
  }
}

function isJson(text: string): boolean {
  if (text === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Todoist says it in the body where it does not in the header, or not at all. */
const inBody = (body: string): number =>
  waitSeconds(/"retry_after":\s*(\d{1,6})/.exec(body.slice(0, 2_000))?.[1] ?? null)

/** What a status means for a call with an access token. */
export const readApiStatus: StatusReader = (status, body, asked) => {
  if (status === 401 || status === 403) return new ConnectorTrouble('revoked', `status ${status}`)
  if (status === 429) return new ConnectorTrouble('quota', 'status 429', asked ?? inBody(body))
  if (status >= 500 || status === 408) return new ConnectorTrouble('away', `status ${status}`, asked)
  return new ConnectorTrouble('garbage', `status ${status}`)
}

/** Of one task: what the provider no longer has was deleted. */
export const readTaskStatus: StatusReader = (status, body, asked) =>
  status === 404 || status === 410
    ? new ConnectorTrouble('gone', `status ${status}`)
    : readApiStatus(status, body, asked)

/** A sync token that is of no use any more is refused like any other wrong argument. */
export const readSyncStatus: StatusReader = (status, body, asked) =>
  status === 400 ? new ConnectorTrouble('gone', 'status 400') : readApiStatus(status, body, asked)

/** Some plans have no log of activities: that says nothing about the grant. */
export const readLogStatus: StatusReader = (status, body, asked) =>
  status === 402 || status === 403 || status === 404
    ? new ConnectorTrouble('gone', `status ${status}`)
    : readApiStatus(status, body, asked)

/** At the token endpoint only a refused grant is the person's to mend; refused app credentials are ours. */
export const readTokenStatus: StatusReader = (status, body, asked) => {
  if (/"(invalid_grant|bad_authorization_code|bad_refresh_token|access_denied)"/.test(body.slice(0, 2_000)))
    return new ConnectorTrouble('revoked', `status ${status}`)
  if (status === 429 || status >= 500 || status === 408) return readApiStatus(status, body, asked)
  return new ConnectorTrouble('garbage', `the token endpoint answered ${status}`)
}

/** RFC 7009: the provider knows nothing of the token, which is what was wanted. */
export const readRevokeStatus: StatusReader = (status, body, asked) =>
  status === 400
    ? new ConnectorTrouble('gone', 'status 400')
    : status === 401 || status === 403
      ? new ConnectorTrouble('garbage', `the revoke endpoint answered ${status}`)
      : readApiStatus(status, body, asked)
