import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { ask, NoAnswer } from './ask.ts'
import { headersForApi, headersFromApi } from './headers.ts'
import { type Reason, refuse } from './refuse.ts'
import { bodyOf, isRepeatable, mayAskAgain } from './repeat.ts'
import type { Traces } from './traces.ts'

export type Deadlines = {
  connectMs: number
  /** For the whole of a call, except a stream of events. */
  totalMs: number
  /** For a small body to arrive. */
  bodyMs: number
  /** How long an api that is being restarted is waited for. */
  patienceMs: number
}
export const usualDeadlines: Deadlines = {
  connectMs: 2_000,
  totalMs: 60_000,
  bodyMs: 10_000,
  patienceMs: 10_000,
}

export type Forward = (request: IncomingMessage, response: ServerResponse) => void

const firstPauseMs = 25
const longestPauseMs = 200

/** Hands requests to the api and its answers back; only small bodies are held, so that they can be sent again. */
export function forwardTo(apiUrl: URL, deadlines: Deadlines = usualDeadlines, traces?: Traces): Forward {
  const { connectMs, totalMs, bodyMs, patienceMs } = deadlines
  const kept = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 32 })
  // The api may close a kept connection just when it is used again; what must not be sent twice gets a new one.
  const fresh = new Agent({ keepAlive: false, maxSockets: 256 })

  async function answerTo(request: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
    const body = await bodyOf(request, bodyMs)
    const asked = {
      url: apiUrl,
      method: request.method,
      path: request.url,
      headers: headersForApi(request),
      agent: isRepeatable(request) ? kept : fresh,
      connectMs,
      signal,
      body,
    }
    const giveUpAt = performance.now() + patienceMs
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await ask(asked)
      } catch (error) {
        const again = error instanceof NoAnswer && mayAskAgain(error, request, body)
        if (signal.aborted || !again || performance.now() + pauseMs > giveUpAt) throw error
      }
      await delay(pauseMs, undefined, { signal })
    }
  }

  return (request, response) => {
    const step = traces?.(`door ${request.method} ${pathOf(request)}`, parentOf(request))
    if (step) request.headers.traceparent = step.traceparent
    const over = new AbortController()
    const total = setTimeout(() => over.abort('api_late'), totalMs)
    response.once('close', () => {
      clearTimeout(total)
      step?.end()
      over.abort('left')
    })
    answerTo(request, over.signal)
      .then(answer => {
        if (isEventStream(answer)) clearTimeout(total)
        response.writeHead(answer.statusCode ?? 502, headersFromApi(answer.headers))
        response.flushHeaders()
        pipeline(answer, response, error => error && refuse(request, response, 'api_broke'))
      })
      .catch((error: unknown) => {
        const why = reasonOf(error, over.signal)
        if (why !== 'left') refuse(request, response, why)
      })
  }
}

/** Ids in a path belong to somebody. */
const pathOf = ({ url = '/' }: IncomingMessage): string =>
  (url.split('?', 1)[0] ?? '').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{40,}/g, '…')

const parentOf = ({ headers: { traceparent } }: IncomingMessage): string | undefined =>
  typeof traceparent === 'string' ? traceparent : undefined

function isEventStream(answer: IncomingMessage): boolean {
  return answer.headers['content-type']?.startsWith('text/event-stream') ?? false
}

function reasonOf(error: unknown, signal: AbortSignal): Reason | 'left' {
  if (signal.aborted) return signal.reason === 'api_late' ? 'api_late' : 'left'
  if (!(error instanceof NoAnswer)) return 'body_late'
  const brokeOff = error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code.startsWith('HPE')
  return error.reached && brokeOff ? 'api_broke' : 'api_away'
}
