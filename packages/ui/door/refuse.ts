import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { securityHeaders } from './headers.ts'

const sentences = {
  api_away: { status: 503, title: 'oO is starting or being restarted. Try again in a moment.' },
  api_late: { status: 503, title: 'oO takes too long to answer. Try again in a moment.' },
  api_broke: { status: 502, title: 'oO broke off its answer. Try again in a moment.' },
} as const

export type Away = keyof typeof sentences

/** Answers for an api that cannot; once an answer has begun, cutting it short is the only honest sign left. */
export function refuse(request: IncomingMessage, response: ServerResponse, code: Away): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, title } = sentences[code]
  response.writeHead(status, {
    ...securityHeaders(request),
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'Retry-After': '1',
  })
  response.end(
    JSON.stringify({ type: `urn:oo:problem:${code}`, title, status, code, requestId: randomUUID() }),
  )
}
