import { Problem, problems } from '@oo/kernel'
import { type Handlers, personOf } from '@oo/shared-types/handlers'
import { beginSignIn } from './beginSignIn.ts'
import type { AuthCtx } from './context.ts'
import { endAllSessions, endSession, signOut } from './endSession.ts'
import { authProblems } from './errors.ts'
import { finishSignIn } from './finishSignIn.ts'
import { loginCookieName } from './loginCookie.ts'
import { readReceipt } from './readReceipt.ts'
import { signInByToken } from './signInByToken.ts'
import { noSessionCookie, sessionCookie } from './startSession.ts'
import { sessionExpiry, sessionsOf } from './store/sessions.ts'

export type AuthHandlers = Handlers<
  | 'listProviders'
  | 'login'
  | 'loginCallback'
  | 'tokenSignIn'
  | 'logout'
  | 'getSession'
  | 'listSessions'
  | 'endAllSessions'
  | 'endSession'
  | 'getReceipt'
>

export const routes = (ctx: AuthCtx): AuthHandlers => ({
  async listProviders() {
    const providers = ctx.settings.providers.map(({ id, name }) => ({ id, name }))
    return { status: 200, body: { providers, token: ctx.settings.adminToken !== undefined } }
  },

  async login({ params, query, origin }) {
    const { next, login_hint: loginHint } = query
    return {
      status: 302,
      ...(await beginSignIn(ctx, { provider: params.provider, origin, next, loginHint })),
    }
  },

  async loginCallback({ params, origin, url, cookies, device }) {
    const callback = {
      provider: params.provider,
      origin,
      url,
      cookie: cookies[loginCookieName],
      sid: cookies.sid,
      userAgent: device,
    }
    return { status: 302, ...(await finishSignIn(ctx, callback)) }
  },

  async tokenSignIn({ body, cookies, device }) {
    const session = await signInByToken(ctx, { token: body.token, userAgent: device, sid: cookies.sid })
    return { status: 204, cookies: [sessionCookie(ctx, session)] }
  },

  async logout({ cookies }) {
    await signOut(ctx, cookies.sid)
    return { status: 204, cookies: [noSessionCookie] }
  },

  async getSession({ actor }) {
    if (!actor) throw new Problem(problems.notSignedIn)
    const expiresAt = await sessionExpiry(ctx.db, actor.sessionId)
    if (!expiresAt) throw new Problem(problems.notSignedIn)
    const { sessionId: id, personId, role } = actor
    const body = { id, role, expiresAt: expiresAt.toISOString(), ...(personId !== null && { personId }) }
    return { status: 200, body }
  },

  async listSessions(request) {
    const rows = await sessionsOf(ctx.db, personOf(request), ctx.clock.now())
    const sessions = rows.map(row => ({
      id: row.id,
      current: row.id === request.actor?.sessionId,
      device: row.device,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
    }))
    return { status: 200, body: { sessions } }
  },

  async endAllSessions(request) {
    await endAllSessions(ctx, personOf(request))
    return { status: 204, cookies: [noSessionCookie] }
  },

  async endSession(request) {
    const { id } = request.params
    await endSession(ctx, personOf(request), id)
    return { status: 204, cookies: id === request.actor?.sessionId ? [noSessionCookie] : [] }
  },

  async getReceipt({ params }) {
    const receipt = await readReceipt(ctx, params.id)
    if (!receipt) throw new Problem(authProblems.noReceipt)
    return { status: 200, body: receipt }
  },
})
