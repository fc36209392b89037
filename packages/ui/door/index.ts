import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { DoorEnv } from './env.ts'
import { type Deadlines, forwardTo, usualDeadlines } from './forward.ts'
import { contentSecurityPolicy, forwardedFor, securityHeaders } from './headers.ts'
import { refuse } from './refuse.ts'
import { openTraces, type Traces } from './traces.ts'

export { type DoorEnv, readApiUrl, readDoorEnv } from './env.ts'

export type Page = (request: IncomingMessage, response: ServerResponse) => Promise<unknown> | unknown

export type DoorOptions = {
  /** Where the door says that it is alive; the console has a page of its own at `/health`. */
  alivePath?: string
  deadlines?: Deadlines
  arrival?: typeof usualArrival
  traces?: Traces
}

/** A request that drips is answered 408 by Node and its connection closed; headers have less time than bodies. */
const usualArrival = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 1_000 }

/** The one server in front of an app: `/api` goes to the api, one path says the door is alive, the rest is pages. */
export function createDoor(
  apiUrl: URL,
  page: Page,
  { alivePath = '/health', deadlines = usualDeadlines, arrival = usualArrival, traces }: DoorOptions = {},
): Server {
  const forward = forwardTo(apiUrl, deadlines, traces)
  return createServer({ keepAliveTimeout: 60_000, ...arrival }, (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/'
    // `OPTIONS *` and whole addresses are for proxies, which this is not.
    if (!path.startsWith('/')) return refuse(request, response, 'bad_address')
    if (path === '/api' || path.startsWith('/api/')) return forward(request, response)
    for (const [name, value] of Object.entries(securityHeaders(request))) response.setHeader(name, value)
    if (path === alivePath) {
      response.setHeader('Content-Type', 'application/json').end('{"status":"ok"}')
      return
    }
    const policy = contentSecurityPolicy(randomBytes(16).toString('base64'))
    response.setHeader('Content-Security-Policy', policy)
    request.headers['content-security-policy'] = policy
    request.headers['x-forwarded-for'] = forwardedFor(request)
    Promise.resolve(page(request, response)).catch((error: unknown) => {
      console.error(error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
}

/** Listens until SIGTERM or SIGINT; requests under way get four seconds to finish. */
export async function openDoor(
  env: DoorEnv,
  portName: string,
  page: Page,
  options?: DoorOptions,
): Promise<void> {
  const traces =
    env.tracesUrl && openTraces(env.tracesUrl, portName.replace(/^OO_|_PORT$/g, '').toLowerCase())
  const server = createDoor(env.apiUrl, page, { ...options, ...(traces && { traces }) })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(env.port, env.bind, resolve)
  }).catch((error: NodeJS.ErrnoException) => stopWith(sentenceFor(error, env, portName)))
  const stop = () => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 4_000).unref()
    setTimeout(() => process.exit(0), 4_500).unref()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

/** One sentence on stderr, exit code 1. */
export function stopWith(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}

function sentenceFor(error: NodeJS.ErrnoException, env: DoorEnv, portName: string): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${env.port} is taken. Stop what uses it, or set ${portName} to a free port.`
  if (error.code === 'EACCES')
    return `Port ${env.port} is not allowed here. Set ${portName} to a port above 1023.`
  return `Cannot listen on ${env.bind}:${env.port} (${error.code}). Check OO_BIND and ${portName}.`
}
