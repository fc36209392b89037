// What passes between the edge and a process that hosts a module: requests as JSON, answers with their status, headers
// and cookies in one header and the body as it is. Cookies of the request stay behind: who asks is the actor.
import { Problem } from '@oo/kernel'
import type { Actor, Cookie, EventStream, Request, StreamedEvent } from '@oo/shared-types/handlers'

export const secretHeader = 'x-oo-secret'
/** Asks for the events themselves; without it an answer only says that it has some. */
export const streamHeader = 'x-oo-stream'
export const answerHeader = 'x-oo-answer'

export interface Answered {
  status: number
  body?: unknown
  events?: EventStream<object>
  cookies?: Cookie[]
  headers?: Record<string, string>
  location?: string
}

export type AnyHandler = (request: object) => Promise<Answered>

/** The handlers of a module by their operation; that each is one, the gateway's binding has made sure of. */
export const handlersOf = (handlers: object): Map<string, AnyHandler> => new Map(Object.entries(handlers))

export interface ProblemOnWire {
  status: number
  code: string
  title: string
  retryAfterSeconds?: number
}

export type AnswerOnWire =
  | { kind: 'problem'; problem: ProblemOnWire }
  | { kind: 'none' | 'json' | 'bytes' | 'events'; answered: Plain }

/** An answer but for what it holds. */
type Plain = Omit<Answered, 'body' | 'events'>

type AnyRequest = Record<keyof Request<'recommend'>, unknown>

export function writeRequest(request: object): string {
  const asked = parts(request)
  return JSON.stringify({ ...asked, url: String(asked.url), cookies: undefined, signed: undefined })
}

/** Throws a sentence when it is not what the edge of this version sends. */
export function readRequest(value: unknown): AnyRequest {
  const asked = parts(value)
  const url = URL.parse(text(asked.url, 'url'))
  if (!url) throw new Error('the url of a request from the edge cannot be read')
  return {
    params: parts(asked.params),
    query: parts(asked.query),
    body: asked.body,
    actor: readActor(asked.actor),
    origin: text(asked.origin, 'origin'),
    url,
    cookies: {},
    device: text(asked.device, 'device'),
    requestId: text(asked.requestId, 'requestId'),
    // Bytes are not carried: what is signed is checked at the edge.
    signed: undefined,
    lastEventId: asked.lastEventId === undefined ? undefined : text(asked.lastEventId, 'lastEventId'),
  }
}

function readActor(value: unknown): Actor | null {
  if (value === null) return null
  const { sessionId, personId, role } = parts(value)
  if (role !== 'person' && role !== 'admin') throw new Error('the actor has no role')
  return {
    role,
    sessionId: text(sessionId, 'sessionId'),
    personId: personId === null ? null : text(personId, 'personId'),
  }
}

export const writeAnswer = (answer: AnswerOnWire): string =>
  Buffer.from(JSON.stringify(answer)).toString('base64url')

/** Null when there is none: whoever answered was not a host of modules. */
export function readAnswer(header: string | string[] | undefined): AnswerOnWire | null {
  if (typeof header !== 'string') return null
  const { kind, problem, answered } = parts(JSON.parse(Buffer.from(header, 'base64url').toString()))
  if (kind === 'problem') return { kind, problem: readProblem(problem) }
  if (kind !== 'none' && kind !== 'json' && kind !== 'bytes' && kind !== 'events') return null
  return { kind, answered: readAnswered(answered) }
}

export const problemOnWire = (problem: Problem): ProblemOnWire => ({
  status: problem.status,
  code: problem.code,
  title: problem.title,
  ...(problem.retryAfterSeconds !== undefined && { retryAfterSeconds: problem.retryAfterSeconds }),
})

export const problemOf = ({ retryAfterSeconds, ...shape }: ProblemOnWire): Problem =>
  new Problem(shape, retryAfterSeconds === undefined ? {} : { retryAfterSeconds })

function readProblem(value: unknown): ProblemOnWire {
  const { status, code, title, retryAfterSeconds } = parts(value)
  return {
    status: number(status, 'status'),
    code: text(code, 'code'),
    title: text(title, 'title'),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
  }
}

function readAnswered(value: unknown): Plain {
  const { status, cookies, headers, location } = parts(value)
  return {
    status: number(status, 'status'),
    ...(Array.isArray(cookies) && { cookies: cookies.map(readCookie) }),
    ...(headers !== undefined && {
      headers: Object.fromEntries(
        Object.entries(parts(headers)).map(([name, held]) => [name, text(held, name)]),
      ),
    }),
    ...(typeof location === 'string' && { location }),
  }
}

/** One line of a stream; an empty one only says that the other process is alive. */
export function readEvent(line: string): StreamedEvent<object> | null {
  if (line === '') return null
  const { data, id, event } = parts(JSON.parse(line))
  return {
    data: parts(data),
    ...(id !== undefined && { id: text(id, 'id') }),
    ...(event !== undefined && { event: text(event, 'event') }),
  }
}

function readCookie(value: unknown): Cookie {
  const cookie = parts(value)
  return {
    name: text(cookie.name, 'cookie'),
    value: text(cookie.value, 'cookie'),
    maxAgeSeconds: number(cookie.maxAgeSeconds, 'cookie'),
    ...(typeof cookie.path === 'string' && { path: cookie.path }),
  }
}

export function parts(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('what came is not what the other process of this version sends')
  return Object.fromEntries(Object.entries(value))
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Error(`${name} is not a text`)
  return value
}

export function number(value: unknown, name: string): number {
  if (typeof value !== 'number') throw new Error(`${name} is not a number`)
  return value
}
