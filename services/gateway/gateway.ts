import {
  type Clock,
  type HealthPart,
  type Log,
  type Module,
  newId,
  Problem,
  problems,
  type Random,
} from '@oo/kernel'
import { openapi } from '@oo/shared-types/openapi'
import { metrics } from '@opentelemetry/api'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import glue from 'fastify-openapi-glue'
import type { Answers } from './answers.ts'
import { createHealth } from './health.ts'
import { createLimits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { type AnyHandler, bindOperations, type Edge, originsByHost } from './operations.ts'
import { notJson, sendProblem } from './problemDocuments.ts'
import { refuseCrossSite } from './sameOrigin.ts'
import { securityHeaders } from './securityHeaders.ts'
import { endGently } from './stopping.ts'
import { createStreams } from './streams.ts'

export interface GatewaySettings {
  origins: readonly string[]
  version: string
  /** Addresses and ranges that, besides this machine, are believed about whom they ask for. Default: none. */
  trustedProxies?: readonly string[]
  /** How long a request may take to arrive whole. Default: 10 s. */
  arrivesWithinMs?: number
}

export interface GatewayParts {
  clock: Clock
  random: Random
  log: Log
  authenticate: Edge['authenticate']
  answers: Answers
  modules: readonly Module<object>[]
  health: readonly HealthPart[]
  /** Started before the modules are built: what is counted without it is counted nowhere. */
  metrics: Metrics
}

const bodyLimitBytes = 64 * 1024
const arrivesWithinMs = 10_000

export async function createGateway(
  parts: GatewayParts,
  settings: GatewaySettings,
): Promise<FastifyInstance> {
  const { clock } = parts
  const log: FastifyBaseLogger = parts.log
  const headers = securityHeaders(settings.origins[0]?.startsWith('https://') ?? false)
  const withinMs = settings.arrivesWithinMs ?? arrivesWithinMs
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(parts),
    requestIdHeader: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: withinMs,
    // Node drops the deadline of a body without a word when that of the headers is the longer one.
    http: { headersTimeout: withinMs / 2, connectionsCheckingInterval: withinMs / 10 },
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // Who is still connected while the edge stops is answered like everyone; only new connections are refused.
    return503OnClosing: false,
    trustProxy: ['loopback', ...(settings.trustedProxies ?? [])],
    routerOptions: { maxParamLength: 200 },
    // Addresses that never reach a route get the same documents, with the same headers.
    frameworkErrors: (error, request, reply) => {
      reply.headers(headers).header('x-request-id', request.id)
      sendProblem(error, request, reply)
    },
  })
  // The contract speaks JSON only, and bodies of another kind would pass by its schemas.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser(onlyAnswered(openapi), (_request, _payload, done) => done(notJson))
  // What is signed may be without a body; its bytes are kept only of such.
  const json = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' && request.bytes ? done(null, undefined) : json(request, body.toString(), done),
  )
  const origins = new Set(settings.origins)
  const health = createHealth(parts.health, { clock, version: settings.version })

  app.decorateRequest('actor', null)
  app.decorateRequest('cookies')
  app.decorateRequest('bytes', null)
  app.decorateRequest('claim', null)
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) => sendProblem(new Problem(problems.notFound), request, reply))
  app.setValidatorCompiler(validators())
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id)
    refuseCrossSite(request, origins)
  })
  measureRequests(app)
  app.addHook('onClose', () => parts.metrics.stop())

  const streams = createStreams(parts)
  endGently(app, streams)
  const edge: Edge = {
    authenticate: parts.authenticate,
    limits: createLimits(clock),
    streams,
    answers: parts.answers,
    originOf: originsByHost(settings.origins),
  }
  const operationResolver = bindOperations(
    openapi.paths,
    collect(parts.modules, { adminHealth: adminHealth(health) }),
    edge,
  )
  await app.register(glue, { specification: openapi, operationResolver, prefix: 'api' })

  for (const prefix of ['', '/api']) {
    app.get(`${prefix}/health`, async () => ({ status: 'ok' }))
    app.get(`${prefix}/health/ready`, async (_request, reply) => {
      const now = await health()
      return reply.code(now.status === 'down' ? 503 : 200).send(now)
    })
  }
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await parts.metrics.text()),
  )
  return app
}

/** The types that only answers have; as bodies they are refused like every other that is not JSON. */
function onlyAnswered(contract: object): string[] {
  const types = new Set<string>()
  JSON.stringify(contract, (key, value: unknown) => {
    if (key === 'content' && typeof value === 'object' && value) for (const type in value) types.add(type)
    return value
  })
  types.delete('application/json')
  return [...types]
}

const adminHealth =
  (health: ReturnType<typeof createHealth>): AnyHandler =>
  async () => ({
    status: 200,
    body: await health(),
  })

function collect(
  modules: readonly Module<object>[],
  own: Record<string, AnyHandler>,
): Map<string, AnyHandler> {
  const handlers = new Map(Object.entries(own))
  for (const module of modules)
    for (const [id, handler] of Object.entries(module.handlers)) {
      if (handlers.has(id)) throw new Error(`Two modules handle ${id}; the second is ${module.name}.`)
      handlers.set(id, handler)
    }
  return handlers
}

/** Bodies are taken as they are; addresses and queries are text, so there "5" may mean 5. */
function validators() {
  const options = { allErrors: false, strict: false, removeAdditional: false } as const
  const body = formats.default(new Ajv({ ...options, useDefaults: true, coerceTypes: false }))
  const text = formats.default(new Ajv({ ...options, useDefaults: true, coerceTypes: true }))
  return ({ schema, httpPart }: { schema: object; httpPart?: string }) =>
    httpPart === 'body'
      ? body.compile(schema)
      : text.compile(httpPart === 'headers' ? namesAsTheyArrive(schema) : schema)
}

/** Node gives names of headers in small letters; Fastify adapts the contract to that for its own validators only. */
function namesAsTheyArrive(schema: { properties?: object; required?: string[] }): object {
  const properties = Object.entries(schema.properties ?? {}).map(([name, of]) => [name.toLowerCase(), of])
  return {
    ...schema,
    properties: Object.fromEntries(properties),
    required: (schema.required ?? []).map(name => name.toLowerCase()),
  }
}

function measureRequests(app: FastifyInstance): void {
  const duration = metrics.getMeter('oo').createHistogram('http_request_seconds', {
    description: 'How long answers took, by operation and status',
    advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] },
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    duration.record(reply.elapsedTime / 1_000, {
      method: request.method,
      route,
      status: String(reply.statusCode),
    })
  })
}
