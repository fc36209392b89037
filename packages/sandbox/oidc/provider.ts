import { createECDH, createHash, randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import Provider, { type Configuration, interactionPolicy, type JWK } from 'oidc-provider'
import type { Origins } from '../origins.ts'
import { sentencePage } from '../page.ts'
import type { World } from '../world.ts'
import { createAdapter } from './adapter.ts'

export const callbackPath = '/api/auth/callback/demo'

/** Public on purpose: it opens nothing but the stand-in on this machine. */
export const demoClient = { id: 'oo-demo', secret: 'oo-demo-secret-of-the-sandbox-only' }

/**
 * The same key in every life, so that a relying party with the keys in its memory outlives a restart. Public like the
 * client's secret: the code flow hands ID tokens over this machine's loopback only.
 */
function signingKey(): JWK {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(createHash('sha256').update('oO sandbox signing key').digest())
  const [point, d] = [pair.getPublicKey(), pair.getPrivateKey('base64url')]
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  return { kty: 'EC', crv: 'P-256', x, y, d, kid: 'sandbox', use: 'sig', alg: 'ES256' }
}

/** Every sign-in asks who it is, unless the app says prompt=none: nobody is stuck with the person of last time. */
function policy(): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base()
  prompts.get('login')?.checks.add(
    new interactionPolicy.Check('who', 'The sandbox asks who signs in', ctx => {
      const answered = Boolean(ctx.oidc.result?.login) || ctx.oidc.prompts.has('none')
      return answered ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT
    }),
  )
  return prompts
}

export function createProvider(parts: { issuer: string; world: World; origins: Origins }): Provider {
  const { world, origins } = parts
  const client = () => ({
    client_id: demoClient.id,
    client_secret: demoClient.secret,
    client_name: 'oO',
    redirect_uris: origins.list().map(origin => `${origin}${callbackPath}`),
    response_types: ['code' as const],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'ES256' as const,
    token_endpoint_auth_method: 'client_secret_post' as const,
  })
  const configuration: Configuration = {
    adapter: createAdapter(client),
    jwks: { keys: [signingKey()] },
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      names: { session: 'sandbox_session', interaction: 'sandbox_interaction', resume: 'sandbox_resume' },
    },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // As Google does: the claims are in the ID token too, not only at the userinfo endpoint.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/oidc/interaction/${interaction.uid}`, policy: policy() },
    renderError(ctx, out) {
      ctx.type = 'html'
      ctx.body = sentencePage(
        'Sign-in does not work',
        `The provider says: ${out.error_description ?? out.error}. Go back and start again.`,
      )
    },
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: 3_600,
      AuthorizationCode: 60,
      IdToken: 3_600,
      Interaction: 3_600,
      Session: 86_400,
      Grant: 86_400,
    },
    findAccount: (_ctx, sub) => {
      const person = world.bySub(sub)
      if (!person) return undefined
      const { email, name } = person
      return { accountId: sub, claims: () => ({ sub, email, email_verified: true, name }) }
    },
    async loadExistingGrant(ctx) {
      const { client: asking, session, provider } = ctx.oidc
      if (!asking || !session?.accountId) return undefined
      const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  }
  return new Provider(parts.issuer, configuration)
}

/** The provider mounted under /oidc: it sees its own paths, and its links carry the prefix. */
export function mounted(provider: Provider): RequestListener {
  const callback = provider.callback()
  return (req, res) => {
    Object.assign(req, { originalUrl: req.url })
    req.url = (req.url ?? '/').slice('/oidc'.length) || '/'
    return callback(req, res)
  }
}
