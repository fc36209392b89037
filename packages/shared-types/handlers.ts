// What a module writes for each operation of the contract. The gateway has checked the request against the
// document before a handler sees it, and filters the answer by the same document afterwards.
import { Problem, problems } from '@oo/kernel'
import type { operations } from './gen/ts/http.d.ts'

export interface Actor {
  sessionId: string
  /** Null for an admin who signed in by token: a session without a person. */
  personId: string | null
  role: 'person' | 'admin'
}

export interface Cookie {
  name: string
  /** An empty value removes the cookie. */
  value: string
  maxAgeSeconds: number
  path?: string
}

type Parameters<Id extends keyof operations, Where extends 'path' | 'query'> = NonNullable<
  operations[Id]['parameters'][Where]
>
type Content<T> = T extends { content: infer C } ? C[keyof C & `application/${string}`] : undefined
type BodyOf<Id extends keyof operations> = operations[Id] extends { requestBody: infer B }
  ? Content<B>
  : operations[Id] extends { requestBody?: infer B }
    ? Content<NonNullable<B>> | undefined
    : undefined

/** One server-sent event; its data is what the contract declares under `text/event-stream`. */
export interface StreamedEvent<Data> {
  data: Data
  /** Comes back as `lastEventId` when the reader lost the connection and asks again. */
  id?: string
  event?: string
}

/** An answer that goes on. It ends by itself or when the signal says so: the reader left, lost the right, or we stop. */
export type EventStream<Data> = (signal: AbortSignal) => AsyncIterable<StreamedEvent<Data>>

type Responses<Id extends keyof operations> = Omit<operations[Id]['responses'], 'default'>

export interface Request<Id extends keyof operations> {
  params: Parameters<Id, 'path'>
  query: Parameters<Id, 'query'>
  body: BodyOf<Id>
  actor: Actor | null
  /** The origin the browser came by: one of this instance's own addresses. */
  origin: string
  /** The whole address as asked for, on that origin; sign-in libraries read the query from it. */
  url: URL
  cookies: Readonly<Record<string, string | undefined>>
  device: string
  requestId: string
  /** Of a reader of an event stream that was there before: the id of the last event that reached it. */
  lastEventId: string | undefined
  /** Only of operations that are signed: what the signature is over, and the headers that carry it. */
  signed: Signed | undefined
}

export interface Signed {
  bytes: Buffer
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** To throw once the signature holds; until it is thrown, `params` and `body` may be anything. */
  misfit: Problem | undefined
}

export type Answer<Id extends keyof operations> = {
  [Status in keyof Responses<Id>]: {
    status: Status
    cookies?: Cookie[]
    headers?: Record<string, string>
    /** Required for 302. */
    location?: string
  } & (Responses<Id>[Status] extends { content: { 'application/json': infer Body } }
    ? { body: Body }
    : Responses<Id>[Status] extends { content: { 'text/event-stream': infer Data extends object } }
      ? { events: EventStream<Data> }
      : { body?: Buffer })
}[keyof Responses<Id>]

export type Handler<Id extends keyof operations> = (request: Request<Id>) => Promise<Answer<Id>>
export type Handlers<Ids extends keyof operations> = { [Id in Ids]: Handler<Id> }

/** The person of a request; the contract's `person` rule has already refused everyone else. */
export function personOf(request: { actor: Actor | null }): string {
  if (!request.actor) throw new Problem(problems.notSignedIn)
  if (request.actor.personId === null) throw new Problem(problems.noPerson)
  return request.actor.personId
}

/** `next` is a path on this origin, or the fallback: never an address someone else chose. */
export function safeNext(next: string | undefined, origin: string, fallback: string): string {
  if (!next?.startsWith('/') || next.startsWith('//') || next.includes('\\')) return fallback
  const url = URL.parse(next, origin)
  // `/.//other.test` becomes `//other.test` only when it is parsed.
  if (url?.origin !== origin || url.pathname.startsWith('//')) return fallback
  return `${url.pathname}${url.search}${url.hash}`
}
