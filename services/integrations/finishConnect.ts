import { type BackWithCode, ConnectorTrouble, type Delegated, type Tokens } from './connectors/connector.ts'
import { readState } from './connectState.ts'
import type { IntegrationsCtx } from './context.ts'
import { enteredBy } from './enteredBy.ts'
import { storeGrant } from './storeGrant.ts'

export interface Return {
  personId: string
  sessionId: string
  source: string
  cookie: string | undefined
  /** Where the person is back at, without what came with it. */
  redirectUri: string
  query: { code?: string; state?: string; error?: string }
}

export type ConnectProblem = 'declined' | 'unticked' | 'away' | 'expired'

/** `isAnother`: who is back is not who the cookie waits for, so it stays for the one that is still away. */
export type Outcome = { next: string | null } | { problem: ConnectProblem; isAnother?: boolean }

const exchangeWithinMs = 8_000

/** The person is back from the provider: a stored grant and the page to go to, or what went wrong. */
export async function finishConnect(
  ctx: IntegrationsCtx,
  { personId, sessionId, source, cookie, redirectUri, query }: Return,
): Promise<Outcome> {
  const { connector, entry } = enteredBy(ctx, source, 'provider')
  const declined = query.error !== undefined
  const state = query.state ?? (declined ? null : '')
  const begun = readState(ctx.clock, ctx.stateKey, {
    cookie,
    returning: { personId, sessionId, source, state },
  })
  if (!begun) return { problem: 'expired', isAnother: true }
  if (ctx.spentStates.has(begun.state)) return { problem: 'expired' }
  ctx.spentStates.add(begun.state)
  if (declined) return { problem: query.error === 'access_denied' ? 'declined' : 'away' }
  if (!query.code) return { problem: 'expired' }
  const tokens = await exchanged(entry, { code: query.code, redirectUri, verifier: begun.verifier })
  if (!('access' in tokens)) return tokens
  await storeGrant(ctx, connector, { personId, tokens })
  return { next: begun.next }
}

async function exchanged(
  entry: Delegated,
  back: BackWithCode,
): Promise<Tokens | { problem: ConnectProblem }> {
  try {
    return await entry.exchange(back, AbortSignal.timeout(exchangeWithinMs))
  } catch (error) {
    if (!(error instanceof ConnectorTrouble)) throw error
    if (error.kind === 'unticked') return { problem: 'unticked' }
    return { problem: error.kind === 'revoked' ? 'expired' : 'away' }
  }
}
