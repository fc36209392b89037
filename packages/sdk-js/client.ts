import type { paths } from '@oo/shared-types'
import openapiFetch from 'openapi-fetch'
import { ApiProblem, problemOf, unreachable } from './problem.ts'

export type ClientOptions = {
  /** Where the operations begin: `https://oo.example/api`, or `/api` in a page of the same origin. */
  baseUrl: string
  fetch?: (request: Request) => Promise<Response>
  headers?: Record<string, string>
  /** Total time for one call, its body included. */
  deadlineMs?: number
  /** How long a call that found nobody is tried again; for programs that call the api without a door between. */
  patienceMs?: number
}

const firstPauseMs = 25
const longestPauseMs = 400

export type Client = ReturnType<typeof createClient>

/** A client for every operation of the contract; whatever is not a 2xx answer is thrown as an `ApiProblem`. */
export function createClient({
  baseUrl,
  fetch: send = fetch,
  headers = {},
  deadlineMs = 10_000,
  patienceMs = 0,
}: ClientOptions) {
  return openapiFetch<paths>({
    baseUrl,
    headers,
    async fetch(request) {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(deadlineMs)])
      const response = await answered(send, withKey(request, signal), patienceMs)
      if (!response.ok) throw await problemOf(response)
      return response
    },
  })
}

/** Changes have a key, so that they may be repeated on their way and still count once; the contract names who has none. */
function withKey(request: Request, signal: AbortSignal): Request {
  const keyed = new Request(request, { signal })
  const { pathname } = new URL(request.url)
  const takesNone =
    isSafe(request) ||
    /\/auth\//.test(pathname) ||
    (request.method === 'DELETE' && /\/profile$/.test(pathname)) ||
    (request.method === 'POST' && /\/integrations\/ingress(\/|$)/.test(pathname))
  if (!takesNone && !keyed.headers.has('Idempotency-Key'))
    keyed.headers.set('Idempotency-Key', crypto.randomUUID())
  return keyed
}

const isSafe = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD'

/** The answer, or `unreachable`; a call that is safe or has a key is tried again meanwhile, as it is. */
async function answered(
  send: (request: Request) => Promise<Response>,
  request: Request,
  patienceMs: number,
): Promise<Response> {
  const repeatable = isSafe(request) || request.headers.has('Idempotency-Key')
  const giveUpAt = performance.now() + (repeatable ? patienceMs : 0)
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await send(request.clone())
    } catch {
      if (request.signal.aborted || performance.now() + pauseMs > giveUpAt) throw unreachable()
    }
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}

/** The body of an answer that has one; a body that breaks off or cannot be read is an `ApiProblem` too. */
export async function answerOf<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await call.catch((error: unknown) => {
    throw error instanceof ApiProblem ? error : unreachable()
  })
  if (data === undefined || data === null) throw unreachable()
  return data
}
