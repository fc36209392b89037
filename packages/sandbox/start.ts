import { createServer, type RequestListener, type Server } from 'node:http'
import Fastify from 'fastify'
import { control } from './control.ts'
import { createFaults } from './faults.ts'
import { createFront } from './front.ts'
import { Channels } from './google/channels.ts'
import { type GoogleApp, Grants as GoogleGrants } from './google/grants.ts'
import { google } from './google/index.ts'
import { createQuota, publishedQuota, type QuotaSettings } from './google/quota.ts'
import { createLog } from './log.ts'
import { interactionRoutes } from './oidc/interaction.ts'
import { createProvider, mounted } from './oidc/provider.ts'
import { createOrigins } from './origins.ts'
import { Grants, type TodoistApp } from './todoist/grants.ts'
import { todoist } from './todoist/index.ts'
import * as todoistQuota from './todoist/quota.ts'
import type { Change } from './todoist/tasks.ts'
import { Webhooks } from './todoist/webhooks.ts'
import { createWorld, type Person } from './world.ts'

/** The stand-in's app at Todoist; both sides need the same pair, public because it opens nothing else. */
export const demoTodoistApp: TodoistApp = {
  clientId: 'oo-sandbox',
  clientSecret: 'oo-todoist-secret-of-the-sandbox-only',
}

/** The same at Google; the callback is `/api/integrations/…/callback` of this installation. */
export const demoGoogleApp: GoogleApp = {
  clientId: 'oo-sandbox.apps.googleusercontent.com',
  clientSecret: 'oo-google-secret-of-the-sandbox-only',
}

export type SandboxSettings = {
  /** 0 takes a free one. */
  port?: number
  /** Approve every consent at once. */
  auto?: boolean
  /** Where sign-in and connect may return to, for example http://localhost:3000; the first one is the default. */
  origins?: readonly string[]
  todoistApp?: TodoistApp
  todoistTokenLifeMs?: number
  todoistQuota?: todoistQuota.QuotaSettings
  /** Where Todoist's webhooks go; none are sent without it. */
  webhookTarget?: string
  webhookRetryAfterMs?: readonly number[]
  googleApp?: GoogleApp
  googleTokenLifeMs?: number
  googleQuota?: QuotaSettings
  now?: () => Date
  zone?: string
  seed?: string
  /** Names each life; ids of new tasks follow from it. By itself no two lives have the same. */
  nameLife?: () => string
}

export type Sandbox = {
  url: string
  port: number
  issuer: string
  /** For an api whose port is known only later. */
  addOrigin(origin: string): void
  sendWebhooksTo(target: string | undefined): void
  stop(): Promise<void>
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        taken
          ? new Error(`Port ${port} is taken. Stop what uses it, or set OO_SANDBOX_PORT to a free one.`)
          : error,
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : port
}

/** All stand-ins behind one loopback port. */
export async function startSandbox(settings: SandboxSettings = {}): Promise<Sandbox> {
  const now = settings.now ?? (() => new Date())
  const auto = settings.auto ?? false
  const zone = settings.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const todoistApp = settings.todoistApp ?? demoTodoistApp
  const world = createWorld({ now, zone, seed: settings.seed ?? 'oO', nameLife: settings.nameLife })
  const origins = createOrigins(settings.origins ?? ['http://localhost:3000'])
  const grants = new Grants(todoistApp, now, settings.todoistTokenLifeMs ?? 3_600_000)
  const quota = todoistQuota.createQuota(settings.todoistQuota ?? todoistQuota.publishedQuota, now)
  const { clientSecret } = todoistApp
  const webhooks = new Webhooks({
    target: settings.webhookTarget,
    clientSecret,
    now,
    retryAfterMs: settings.webhookRetryAfterMs,
  })
  const googleApp = settings.googleApp ?? demoGoogleApp
  const googleParts = {
    world,
    grants: new GoogleGrants(googleApp, now, settings.googleTokenLifeMs ?? 3_600_000),
    channels: new Channels({ now, origins, retryAfterMs: settings.webhookRetryAfterMs }),
    quota: createQuota(settings.googleQuota ?? publishedQuota, now),
  }
  const [faults, log] = [createFaults(), createLog()]

  let answer: RequestListener = (_req, res) => res.writeHead(503).end()
  const server = createServer((req, res) => answer(req, res))
  const port = await listen(server, settings.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  const issuer = `${url}/oidc`
  const provider = createProvider({ issuer, world, origins })

  /** Only people who allowed the app are told about, as at Todoist. */
  const told = (person: Person, change: Change): void => {
    if (grants.live(person.email).length > 0) webhooks.send(person, change)
  }
  const app = Fastify({ logger: false, bodyLimit: 1_048_576, routerOptions: { maxParamLength: 300 } })
  app.get('/health', () => ({ status: 'ok' }))
  app.register(async scope => interactionRoutes(scope, { provider: () => provider, world, origins, auto }))
  app.register(
    async scope => todoist(scope, { world, grants, quota, told, app: todoistApp, origins, auto, log }),
    {
      prefix: '/todoist',
    },
  )
  app.register(async scope => google(scope, { ...googleParts, origins, auto, log }), { prefix: '/google' })
  app.register(async scope =>
    control(scope, { world, grants, quota, told, faults, log, webhooks, google: googleParts }),
  )
  await app.ready()
  answer = createFront({ faults, log, now, routes: app.routing, oidc: mounted(provider) })

  return {
    url,
    port,
    issuer,
    addOrigin: origins.add,
    sendWebhooksTo: target => webhooks.to(target),
    async stop() {
      webhooks.stop()
      googleParts.channels.stop()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
      await app.close()
    },
  }
}
