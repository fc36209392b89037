// Binds the contract to the modules: every operation has exactly one handler and every handler an operation,
// or the start stops with the name of the one that is missing.
import { inSpan, Problem } from '@oo/kernel'
import type { Actor, Cookie, EventStream, Signed } from '@oo/shared-types/handlers'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Answers } from './answers.ts'
import { readCookies, writeCookie } from './cookies.ts'
import { answeringOnce } from './idempotency.ts'
import { keepBytes } from './keepBytes.ts'
import type { Limits } from './limits.ts'
import { misfitOf } from './problemDocuments.ts'
import { mayGoOn, type Rule, refuseUnlessAllowed, ruleOf } from './rights.ts'
import type { Streams } from './streams.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
    cookies: Record<string, string | undefined>
    /** The body as it came, of operations that are signed. */
    bytes: Buffer | null
  }
}

interface Answered {
  status: number
  body?: unknown
  /** An answer that goes on, in place of a body. */
  events?: EventStream<object>
  cookies?: Cookie[]
  headers?: Record<string, string>
  location?: string
}

/** A handler as the edge sees it: the contract has already checked what goes in. */
export type AnyHandler = (request: object) => Promise<Answered>

interface Operation {
  operationId: string
  security?: Record<string, unknown>[]
  requestBody?: { required?: boolean }
  parameters?: ({ name: string } | { $ref: string })[]
  'x-limit'?: string
  /** Answers the same by its nature: a key may be sent, so that doors know it may be repeated, and is not stored. */
  'x-repeatable'?: boolean
  /** Its caller signs: the handler gets the bytes as they came and, once they hold, refuses what does not fit. */
  'x-signed'?: boolean
}

export interface Edge {
  /** `fresh`: as the database says now, not as it was remembered. */
  authenticate(sid: string | undefined, fresh?: boolean): Promise<Actor | null>
  limits: Limits
  streams: Streams
  answers: Answers
  /** The address of ours by which a browser came. */
  originOf(host: string | undefined): string
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const

type Paths = Record<string, Partial<Record<(typeof methods)[number], Operation>>>

export function bindOperations(paths: Paths, handlers: ReadonlyMap<string, AnyHandler>, edge: Edge) {
  const operations = new Map(
    Object.values(paths)
      .flatMap(path => methods.flatMap(method => path[method] ?? []))
      .map(operation => [operation.operationId, operation]),
  )
  for (const id of operations.keys())
    if (!handlers.has(id)) throw new Error(`The contract has ${id}, but no module handles it.`)
  for (const id of handlers.keys())
    if (!operations.has(id)) throw new Error(`A module handles ${id}, but the contract does not have it.`)

  return (operationId: string, method: string, path: string): RouteOptions => {
    const operation = operations.get(operationId)
    const handler = handlers.get(operationId)
    if (!operation || !handler) throw new Error(`${operationId} is not an operation.`)
    const rule = ruleOf(operationId, operation.security)
    return {
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      onRequest: request => admit(request, { rule, limit: operation['x-limit'], edge }),
      ...(operation['x-signed'] && { preParsing: keepBytes, attachValidation: true }),
      ...(isAnsweredOnce(operation) && answeringOnce(operationId, edge.answers)),
      handler: (request, reply) =>
        inSpan(`api ${method} ${path}`, { kind: 'server', parent: traceParentIn(request) }, async span => {
          span.setAttribute('operation', operationId)
          return answer(request, reply, { handler, operation, rule, edge })
        }),
    }
  }
}

const traceParentIn = ({ headers: { traceparent } }: FastifyRequest): string | undefined =>
  typeof traceparent === 'string' ? traceparent : undefined

const isAnsweredOnce = ({ parameters = [], 'x-repeatable': repeatable }: Operation): boolean =>
  !repeatable &&
  parameters.some(
    parameter => '$ref' in parameter && parameter.$ref === '#/components/parameters/IdempotencyKey',
  )

async function admit(
  request: FastifyRequest,
  { rule, limit, edge }: { rule: Rule; limit: string | undefined; edge: Edge },
): Promise<void> {
  request.cookies = readCookies(request.headers.cookie)
  const sid = request.cookies.sid
  request.actor = rule === 'public' && !sid ? null : await edge.authenticate(sid)
  refuseUnlessAllowed(rule, request.actor)
  if (limit) edge.limits.spend(limit, request.actor?.personId ?? request.ip)
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { handler, operation, rule, edge }: { handler: AnyHandler; operation: Operation; rule: Rule; edge: Edge },
): Promise<FastifyReply> {
  if (operation.requestBody?.required && (request.body === undefined || request.body === null))
    throw new Problem({ status: 400, code: 'malformed', title: 'This request needs a JSON body.' })
  const origin = edge.originOf(request.headers.host)
  const answered = await handler({
    params: request.params,
    query: request.query,
    body: request.body ?? undefined,
    actor: request.actor,
    origin,
    get url() {
      return new URL(request.url, origin)
    },
    cookies: request.cookies,
    device: request.headers['user-agent'] ?? '',
    requestId: request.id,
    signed: operation['x-signed'] ? signedIn(request) : undefined,
    lastEventId: [request.headers['last-event-id']].flat()[0],
  })
  for (const cookie of answered.cookies ?? []) reply.header('set-cookie', writeCookie(cookie, origin))
  if (answered.headers) reply.headers(answered.headers)
  if (answered.location) reply.header('location', answered.location)
  if (answered.events)
    return edge.streams.answer(answered.events, {
      request,
      reply,
      allowed: async fresh =>
        mayGoOn(rule, request.actor, await edge.authenticate(request.cookies.sid, fresh)),
    })
  return reply.code(answered.status).send(answered.body)
}

/** A body that is empty is not read, and has no bytes. */
const signedIn = ({ headers, validationError, bytes }: FastifyRequest): Signed => ({
  bytes: bytes ?? Buffer.alloc(0),
  headers,
  misfit: validationError && misfitOf(validationError),
})

/** Sign-in and connecting return to the address the browser came by, if it is one of ours, else to the first. */
export function originsByHost(origins: readonly string[]): Edge['originOf'] {
  const byHost = new Map(origins.map(origin => [new URL(origin).host, origin]))
  const [first = ''] = origins
  return host => byHost.get(host ?? '') ?? first
}
