import { Problem, problems } from '@oo/kernel'
import { type Cookie, type Handlers, personOf, safeNext } from '@oo/shared-types/handlers'
import { callbackOf, connect } from './connect.ts'
import { connectCookie, connectCookiePath, connectWithinSeconds } from './connectState.ts'
import type { IntegrationsCtx } from './context.ts'
import { disconnect } from './disconnect.ts'
import { finishConnect } from './finishConnect.ts'
import { type IngressOperations, ingressRoutes } from './ingress/routes.ts'
import { listIntegrations } from './listIntegrations.ts'
import { receiveWebhook } from './receiveWebhook.ts'
import { type SignalOperations, signalRoutes } from './signals/routes.ts'
import { signIn } from './signIn.ts'

export type Operations =
  | 'listIntegrations'
  | 'connect'
  | 'connectCallback'
  | 'signInToSource'
  | 'disconnect'
  | 'receiveWebhook'
  | SignalOperations
  | IngressOperations

const cookieOf = (value: string): Cookie => ({
  name: connectCookie,
  value,
  maxAgeSeconds: value === '' ? 0 : connectWithinSeconds,
  path: connectCookiePath,
})

export const routes = (ctx: IntegrationsCtx): Handlers<Operations> => ({
  ...signalRoutes(ctx),
  ...ingressRoutes(ctx),

  async listIntegrations(request) {
    return { status: 200, body: { integrations: await listIntegrations(ctx, personOf(request)) } }
  },

  async connect(request) {
    const { location, cookie } = connect(ctx, {
      personId: personOf(request),
      sessionId: request.actor?.sessionId ?? '',
      source: request.params.id,
      next: safeNext(request.query.next, request.origin, '') || null,
      origin: request.origin,
    })
    return { status: 302, location, cookies: [cookieOf(cookie)] }
  },

  async connectCallback(request) {
    const { id: source } = request.params
    const { code, state, error } = request.query
    const outcome = await finishConnect(ctx, {
      personId: personOf(request),
      sessionId: request.actor?.sessionId ?? '',
      source,
      cookie: request.cookies[connectCookie],
      redirectUri: callbackOf(request.origin, source),
      query: {
        ...(code !== undefined && { code }),
        ...(state !== undefined && { state }),
        ...(error !== undefined && { error }),
      },
    })
    if (!('problem' in outcome))
      return {
        status: 302,
        location: outcome.next ?? `/connect?connected=${source}`,
        cookies: [cookieOf('')],
      }
    const location = `/connect?problem=${outcome.problem}&source=${source}`
    return { status: 302, location, ...(!outcome.isAnother && { cookies: [cookieOf('')] }) }
  },

  async signInToSource(request) {
    await signIn(ctx, { personId: personOf(request), source: request.params.id, form: request.body })
    return { status: 204 }
  },

  async receiveWebhook(request) {
    if (!request.signed) throw new Problem(problems.notFound)
    await receiveWebhook(ctx, { provider: request.params.provider, signed: request.signed })
    return { status: 200 }
  },

  async disconnect(request) {
    await disconnect(ctx, { personId: personOf(request), source: request.params.id })
    return { status: 204 }
  },
})
