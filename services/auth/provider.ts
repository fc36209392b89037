// One OpenID Connect provider: discovery when it is first needed, kept for a while, read anew after a failure.
import { type Clock, openOutbound } from '@oo/kernel'
import * as oidc from 'openid-client'
import type { ProviderSettings } from './door.ts'

const callTimeoutMs = 4_000
const keptForMs = 600_000
const clockToleranceSeconds = 30

export interface Provider {
  id: string
  name: string
  /** Throws when the provider does not answer in time or answers nonsense. */
  configuration(): Promise<oidc.Configuration>
  /** Makes the next sign-in read the provider's addresses and signing keys again. */
  forget(): void
  /** Asks the provider itself, whatever is kept. */
  probe(signal: AbortSignal): Promise<void>
}

export function openProvider(settings: ProviderSettings, clock: Clock): Provider {
  const issuer = issuerOf(settings)
  const outbound = openOutbound({ target: settings.id, clock, timeoutMs: callTimeoutMs, maxBytes: 1_000_000 })
  let kept: { at: number; configuration: Promise<oidc.Configuration> } | undefined

  const discover = (within?: AbortSignal) => {
    const fetch: oidc.CustomFetch = (url, { signal, body, ...rest }) => {
      const limits = [signal, within].filter(limit => limit !== undefined)
      return outbound.fetch(url, { ...rest, body: bodyOf(body), signal: AbortSignal.any(limits) })
    }
    return oidc.discovery(
      issuer,
      settings.clientId,
      { [oidc.clockTolerance]: clockToleranceSeconds },
      authenticateClient(settings.clientSecret),
      {
        [oidc.customFetch]: fetch,
        timeout: callTimeoutMs / 1_000,
        execute: [
          // The signature is checked even though the token came straight from the provider.
          oidc.enableNonRepudiationChecks,
          ...(settings.allowHttp ? [oidc.allowInsecureRequests] : []),
        ],
      },
    )
  }

  return {
    id: settings.id,
    name: settings.name,
    configuration() {
      const now = clock.now().getTime()
      if (kept && Math.abs(now - kept.at) < keptForMs) return kept.configuration
      const fresh = { at: now, configuration: discover() }
      kept = fresh
      fresh.configuration.catch(() => {
        if (kept === fresh) kept = undefined
      })
      return fresh.configuration
    },
    forget() {
      kept = undefined
    },
    async probe(signal) {
      await discover(signal)
    },
  }
}

function issuerOf({ id, issuer, allowHttp }: ProviderSettings): URL {
  const url = new URL(issuer)
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(allowHttp && loopback))
    throw new Error(`The issuer of the sign-in provider ${id} must be an https address.`)
  return url
}

/** The secret in the body where the provider takes it so, else in the header, which all must understand. */
function authenticateClient(secret: string): oidc.ClientAuth {
  const post = oidc.ClientSecretPost(secret)
  const basic = oidc.ClientSecretBasic(secret)
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return methods.includes('client_secret_post') ? post(server, ...rest) : basic(server, ...rest)
  }
}

/** Forms go out as text: the library's own byte types are narrower than fetch's. */
const bodyOf = (body: oidc.FetchBody) =>
  body === undefined ? null : body instanceof Uint8Array ? new Uint8Array(body) : body
