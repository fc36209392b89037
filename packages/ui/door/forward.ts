import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { pipeline } from 'node:stream'
import { headersForApi, headersFromApi } from './headers.ts'
import { type Away, refuse } from './refuse.ts'

export type Deadlines = { connectMs: number; totalMs: number; retryAfterMs: number }
export const usualDeadlines: Deadlines = { connectMs: 2_000, totalMs: 60_000, retryAfterMs: 250 }

export type Forward = (request: IncomingMessage, response: ServerResponse) => void

/** Hands requests to the api and its answers back, both as streams; nothing is held in memory. */
export function forwardTo(apiUrl: URL, deadlines: Deadlines = usualDeadlines): Forward {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 32 })

  return (request, response) => {
    let outgoing: ClientRequest | undefined
    let ended = false
    const total = setTimeout(() => fail('api_late'), deadlines.totalMs)

    const end = () => {
      ended = true
      clearTimeout(total)
      outgoing?.destroy()
    }
    const fail = (code: Away) => {
      if (ended) return
      end()
      refuse(request, response, code)
    }
    response.once('close', end)
    attempt(isRepeatable(request) ? 1 : 0)

    function attempt(retriesLeft: number) {
      if (ended) return
      const sent = httpRequest(apiUrl, {
        agent,
        method: request.method,
        path: request.url,
        headers: headersForApi(request),
        setHost: false,
      })
      outgoing = sent
      const connect = setTimeout(() => sent.destroy(new Error('connect deadline')), deadlines.connectMs)
      sent.once('socket', socket => {
        if (!socket.connecting) clearTimeout(connect)
        else socket.once('connect', () => clearTimeout(connect))
      })
      sent.once('close', () => clearTimeout(connect))
      sent.once('response', answer => {
        if (isEventStream(answer)) clearTimeout(total)
        response.writeHead(answer.statusCode ?? 502, headersFromApi(answer.headers))
        response.flushHeaders()
        pipeline(answer, response, error => error && fail('api_broke'))
      })
      sent.once('error', (error: NodeJS.ErrnoException) => {
        request.unpipe(sent).resume()
        if (ended || response.headersSent) return
        const stale = error.code === 'ECONNRESET' && sent.reusedSocket
        if (retriesLeft > 0 && (error.code === 'ECONNREFUSED' || stale)) {
          setTimeout(() => attempt(retriesLeft - 1), deadlines.retryAfterMs)
          return
        }
        fail(brokeOff(error) ? 'api_broke' : 'api_away')
      })
      if (isRepeatable(request)) sent.end()
      else request.pipe(sent)
    }
  }
}

/** Safe to send twice and without a body that could be used up by the first try. */
function isRepeatable(request: IncomingMessage): boolean {
  const safe = request.method === 'GET' || request.method === 'HEAD'
  return safe && !request.headers['content-length'] && !request.headers['transfer-encoding']
}

function isEventStream(answer: IncomingMessage): boolean {
  return answer.headers['content-type']?.startsWith('text/event-stream') ?? false
}

/** The api was there and stopped in the middle, as opposed to never having been reached. */
function brokeOff(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE' || (error.code?.startsWith('HPE') ?? false)
}
