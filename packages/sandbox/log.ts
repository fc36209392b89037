import type { IncomingMessage } from 'node:http'
import { isFields } from './read.ts'

export type LogEntry = {
  at: string
  target: string
  method: string
  path: string
  query: Record<string, string>
  authorization: string | null
  body: unknown
  fault: string | null
  /** Null while it is not answered, or when the connection ended without an answer. */
  status: number | null
}

const maxEntries = 2_000
const secretNames = /secret|token|^code$|code_verifier|password|assertion|cookie/i

/** Keeps the shape and hides the value; what is asked for by name stays readable (code_challenge, token_type_hint). */
const isSecret = (name: string): boolean =>
  secretNames.test(name) &&
  !/^(sync_token|syncToken|pageToken|token_type_hint|token_type|code_challenge.*)$/.test(name)

export function masked(value: unknown, depth = 0): unknown {
  if (depth > 6) return '…'
  if (Array.isArray(value)) return value.slice(0, 100).map(entry => masked(entry, depth + 1))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, isSecret(name) ? '***' : masked(entry, depth + 1)]),
  )
}

/** What was asked of the stand-ins, newest last, secrets masked. */
export type RequestLog = {
  entries: LogEntry[]
  begin(request: IncomingMessage, target: string, url: URL, at: Date): LogEntry
  body(request: IncomingMessage, body: unknown): void
  clear(): void
}

export function createLog(): RequestLog {
  const entries: LogEntry[] = []
  const open = new WeakMap<IncomingMessage, LogEntry>()
  return {
    entries,
    begin(request, target, url, at) {
      const scheme = request.headers.authorization?.split(' ')[0]
      const query = [...url.searchParams].map(([name, value]) => [name, isSecret(name) ? '***' : value])
      const entry: LogEntry = {
        at: at.toISOString(),
        target,
        method: request.method ?? 'GET',
        path: url.pathname,
        query: Object.fromEntries(query),
        authorization: scheme ? `${scheme} ***` : null,
        body: null,
        fault: null,
        status: null,
      }
      open.set(request, entry)
      entries.push(entry)
      if (entries.length > maxEntries) entries.shift()
      return entry
    },
    body(request, body) {
      const entry = open.get(request)
      if (entry && body !== undefined) entry.body = masked(body)
    },
    clear: () => entries.splice(0),
  }
}
