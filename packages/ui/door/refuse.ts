import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { securityHeaders } from './headers.ts'

const sentences = {
  api_away: { status: 503, title: 'oO is starting or being restarted. Try again in a moment.' },
  api_late: { status: 503, title: 'oO takes too long to answer. Try again in a moment.' },
  body_late: { status: 408, title: 'The request did not arrive whole in time. Try again.' },
  bad_address: { status: 400, title: 'There is no such address; ask for a path that begins with a slash.' },
  api_broke: { status: 502, title: 'oO broke off its answer. Try again in a moment.' },
} as const

export type Reason = keyof typeof sentences

/** Answers in place of the api; once an answer has begun, cutting it short is the only honest sign left. */
export function refuse(request: IncomingMessage, response: ServerResponse, code: Reason): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, title } = sentences[code]
  response.writeHead(status, {
    ...securityHeaders(request),
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(status >= 500 && { 'Retry-After': '1' }),
    // What has not arrived yet would be taken for the next request.
    ...(code === 'body_late' && { Connection: 'close' }),
  })
  response.end(
    JSON.stringify({ type: `urn:oo:problem:${code}`, title, status, code, requestId: randomUUID() }),
  )
}
