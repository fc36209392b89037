// The door of a process that hosts modules for an edge: only whoever knows the instance's secret comes in, the edge
// has checked the request against the contract and says who asks, and problems go back whole.
import {
  type Clock,
  databaseTrouble,
  type HealthPart,
  inSpan,
  type Log,
  type Module,
  newId,
  type Pool,
  Problem,
  problems,
  type Random,
  sameSecret,
  transaction,
} from '@oo/kernel'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { writeLines } from './eventLines.ts'
import {
  type Answered,
  type AnswerOnWire,
  answerHeader,
  handlersOf,
  parts,
  problemOnWire,
  readRequest,
  secretHeader,
  streamHeader,
  text,
  writeAnswer,
} from './wire.ts'

export interface HostParts {
  db: Pool
  clock: Clock
  random: Random
  log: Log
  modules: readonly Module<object>[]
  secret: string
  metrics: { text(): Promise<string>; stop(): Promise<void> }
  health(): Promise<{ status: string }>
}

/** The edge's own limit for bodies is half of it; the rest is for what it adds. */
const bodyLimitBytes = 128 * 1024
const arrivesWithinMs = 10_000

interface Named {
  Params: { module: string; name: string }
}

export function createHost(given: HostParts): FastifyInstance {
  const { modules, db } = given
  const log: FastifyBaseLogger = given.log
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(given),
    bodyLimit: bodyLimitBytes,
    requestTimeout: arrivesWithinMs,
    http: { headersTimeout: arrivesWithinMs / 2, connectionsCheckingInterval: arrivesWithinMs / 10 },
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
  })
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply))
  app.setNotFoundHandler((request, reply) => refuse(new Problem(problems.notFound), request, reply))
  app.addHook('onRequest', async request => {
    if (!request.url.startsWith('/modules/')) return
    const shown = request.headers[secretHeader]
    if (typeof shown !== 'string' || !sameSecret(shown, given.secret)) throw new Problem(strange)
  })
  const stopping = new AbortController()
  app.addHook('preClose', async () => stopping.abort())
  app.addHook('onClose', () => given.metrics.stop())

  const moduleOf = (request: FastifyRequest<{ Params: { module: string } }>): Module<object> => {
    const module = modules.find(({ name }) => name === request.params.module)
    if (!module) throw new Problem(problems.notFound)
    return module
  }

  app.post<Named>('/modules/:module/operations/:name', async (request, reply) => {
    const handler = handlersOf(moduleOf(request).handlers).get(request.params.name)
    if (!handler) throw new Problem(problems.notFound)
    const { traceparent } = request.headers
    const about = {
      kind: 'server',
      parent: typeof traceparent === 'string' ? traceparent : undefined,
    } as const
    const answered = await inSpan(`module ${request.params.name}`, about, () =>
      handler(readRequest(request.body)),
    )
    if (!answered.events || request.headers[streamHeader] === undefined) return send(reply, answered)
    const left = new AbortController()
    reply.raw.once('close', () => left.abort())
    const { events, body: _, ...plain } = answered
    label(reply, { kind: 'events', answered: plain })
    const signal = AbortSignal.any([left.signal, stopping.signal])
    const failed = (error: unknown) => request.log.warn({ err: error }, 'a live view broke off')
    return reply.type('application/x-ndjson').send(writeLines(events(signal), { signal, failed }))
  })
  app.post<Named>('/modules/:module/export', async (request, reply) => {
    const { exporter } = moduleOf(request)
    return send(reply, { status: 200, body: (await exporter?.collect(personOf(request))) ?? [] })
  })
  app.post<Named>('/modules/:module/erase', async (request, reply) => {
    const { eraser } = moduleOf(request)
    if (!eraser) throw new Problem(problems.notFound)
    const body = await transaction(db, tx => eraser.erase(tx, personOf(request)))
    return send(reply, { status: 200, body })
  })
  app.post<Named>('/modules/:module/health/:name', async (request, reply) => {
    const part = moduleOf(request).health?.find(({ name }) => name === request.params.name)
    if (!part) throw new Problem(problems.notFound)
    return send(reply, { status: 200, body: await exercised(part) })
  })
  for (const prefix of ['', '/api']) {
    app.get(`${prefix}/health`, async () => ({ status: 'ok' }))
    app.get(`${prefix}/health/ready`, async (_request, reply) => {
      const now = await given.health()
      return reply.code(now.status === 'down' ? 503 : 200).send(now)
    })
  }
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await given.metrics.text()),
  )
  return app
}

const strange = {
  status: 401,
  code: 'strange_edge',
  title: 'This process serves its own instance only: give both processes the same OO_SECRET.',
}

const healthWithinMs = 2_000

async function exercised(part: HealthPart): Promise<{ message: string | null; down: boolean }> {
  try {
    return { message: (await part.check(AbortSignal.timeout(healthWithinMs))) ?? null, down: false }
  } catch (error) {
    return { message: error instanceof Error ? error.message : 'it did not answer', down: true }
  }
}

const personOf = (request: FastifyRequest): string => text(parts(request.body).personId, 'personId')

function send(reply: FastifyReply, { body, events, ...answered }: Answered): FastifyReply {
  const kind = events ? 'events' : body === undefined ? 'none' : Buffer.isBuffer(body) ? 'bytes' : 'json'
  label(reply, { kind, answered })
  if (kind === 'bytes') return reply.type('application/octet-stream').send(body)
  return reply
    .type('application/json')
    .serializer(JSON.stringify)
    .send(body ?? {})
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const trouble = databaseTrouble(error)
  const problem = trouble ? new Problem(trouble, { cause: error, retryAfterSeconds: 1 }) : error
  if (problem instanceof Problem) {
    label(reply, { kind: 'problem', problem: problemOnWire(problem) })
    reply.code(problem.status)
  } else {
    const unread = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    if (unread >= 500) request.log.error({ err: error }, 'a module failed')
    reply.code(unread)
  }
  reply.type('application/json').send('{}')
}

const label = (reply: FastifyReply, answer: AnswerOnWire): void =>
  void reply.header(answerHeader, writeAnswer(answer))
