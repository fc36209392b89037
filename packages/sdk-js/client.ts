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
}

export type Client = ReturnType<typeof createClient>

/** A client for every operation of the contract; whatever is not a 2xx answer is thrown as an `ApiProblem`. */
export function createClient({
  baseUrl,
  fetch: send = fetch,
  headers = {},
  deadlineMs = 10_000,
}: ClientOptions) {
  return openapiFetch<paths>({
    baseUrl,
    headers,
    async fetch(request) {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(deadlineMs)])
      const response = await send(new Request(request, { signal })).catch(() => {
        throw unreachable()
      })
      if (!response.ok) throw await problemOf(response)
      return response
    },
  })
}

/** The body of an answer that has one; a body that breaks off or cannot be read is an `ApiProblem` too. */
export async function answerOf<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await call.catch((error: unknown) => {
    throw error instanceof ApiProblem ? error : unreachable()
  })
  if (data === undefined || data === null) throw unreachable()
  return data
}
