// Carries an SDK's requests through our own way out and remembers why one failed: an SDK wraps every failure in an
// error of its own, which no longer says whether to wait, to reconnect or to give up.
import { type Outbound, OutboundError } from '@oo/kernel'
import { ConnectorTrouble } from './connector.ts'
import { askedSeconds } from './retryAfter.ts'

/** `asked`: for how many seconds, where the answer says so. */
export type StatusReader = (status: number, body: string, asked: number | undefined) => ConnectorTrouble

/** An answer that is longer than oO reads at once. */
export class TooMuch extends ConnectorTrouble {
  constructor() {
    super('garbage', 'the answer is too long')
  }
}

export interface SdkTransport {
  /** An answer that is no success is given back as well: each SDK wants to see it. */
  send(url: string | URL | Request, options?: RequestInit): Promise<{ answer: Response; text: string }>
  /** Why the last call failed; an answer that the SDK could not read is garbage. */
  troubleOf(error: unknown): ConnectorTrouble
}

export function openSdkTransport(
  outbound: Outbound,
  input: { signal: AbortSignal; readStatus: StatusReader },
): SdkTransport {
  let seen: ConnectorTrouble | undefined
  const fail = (trouble: ConnectorTrouble): ConnectorTrouble => {
    seen = trouble
    return trouble
  }
  return {
    async send(url, { method, headers, body } = {}) {
      seen = undefined
      const answer = await outbound
        .fetch(url, {
          ...(method && { method }),
          ...(headers && { headers: [...new Headers(headers)] }),
          ...(body && { body }),
          signal: input.signal,
        })
        .catch((error: unknown) => {
          if (error instanceof OutboundError && error.reason === 'size') throw fail(new TooMuch())
          throw fail(new ConnectorTrouble('away', error instanceof OutboundError ? error.reason : 'network'))
        })
      const text = await answer.text()
      const asked = askedSeconds(answer.headers.get('retry-after'), answer.headers.get('date'))
      if (!answer.ok) fail(input.readStatus(answer.status, text, asked))
      else if (!isJson(text)) throw fail(new ConnectorTrouble('garbage', 'the answer is not JSON'))
      return { answer, text }
    },
    troubleOf(error) {
      if (seen) return seen
      if (error instanceof ConnectorTrouble) return error
      return new ConnectorTrouble('garbage', 'the answer has another shape')
    },
  }
}

/** Nothing at all is an answer too: what was asked for is done. */
function isJson(text: string): boolean {
  if (text === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
