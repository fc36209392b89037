// The seam to Todoist's SDK: its calls send through the `customFetch` they are given, which is ours here.
import type { CustomFetch } from '@doist/todoist-sdk'
import type { Outbound } from '@oo/kernel'
import { ConnectorTrouble } from '../connector.ts'
import { waitSeconds } from '../retryAfter.ts'
import { openSdkTransport, type SdkTransport, type StatusReader } from '../sdkTransport.ts'

export interface Transport extends Pick<SdkTransport, 'troubleOf'> {
  customFetch: CustomFetch
}

export function openTransport(
  outbound: Outbound,
  input: { signal: AbortSignal; readStatus: StatusReader },
): Transport {
  const { send, troubleOf } = openSdkTransport(outbound, input)
  return {
    async customFetch(url, options) {
      const { answer, text } = await send(url, options)
      return {
        ok: answer.ok,
        status: answer.status,
        statusText: '',
        headers: Object.fromEntries(answer.headers),
        text: async () => text,
        json: async () => JSON.parse(text),
      }
    },
    troubleOf,
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
