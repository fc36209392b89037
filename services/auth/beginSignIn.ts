import { Problem, secretToken } from '@oo/kernel'
import { type Cookie, safeNext } from '@oo/shared-types/handlers'
import * as oidc from 'openid-client'
import type { AuthCtx } from './context.ts'
import { authProblems } from './errors.ts'
import { loginCookie } from './loginCookie.ts'

export interface Redirect {
  location: string
  cookies: Cookie[]
}

export const callbackOf = (origin: string, provider: string): string =>
  `${origin}/api/auth/callback/${provider}`

/** Sends the browser to the provider; it comes back to the address it set out from. */
export async function beginSignIn(
  ctx: AuthCtx,
  input: { provider: string; origin: string; next?: string | undefined; loginHint?: string | undefined },
): Promise<Redirect> {
  const provider = ctx.providers.get(input.provider)
  if (!provider) throw new Problem(authProblems.unknownProvider)
  const configuration = await provider.configuration().catch((error: unknown) => {
    ctx.log.warn({ err: error, provider: provider.id }, 'a sign-in provider does not answer')
    return null
  })
  if (!configuration) return { location: `${input.origin}/sign-in?problem=provider_away`, cookies: [] }

  const underWay = {
    provider: provider.id,
    origin: input.origin,
    next: safeNext(input.next, input.origin, '/'),
    state: secretToken(ctx.random),
    nonce: secretToken(ctx.random),
    verifier: secretToken(ctx.random),
    startedAtMs: ctx.clock.now().getTime(),
  }
  const location = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackOf(input.origin, provider.id),
    scope: 'openid email profile',
    state: underWay.state,
    nonce: underWay.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(underWay.verifier),
    code_challenge_method: 'S256',
    ...(input.loginHint && { login_hint: input.loginHint }),
  })
  return { location: location.href, cookies: [loginCookie(ctx.settings.secret, underWay)] }
}
