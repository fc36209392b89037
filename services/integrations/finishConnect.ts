import { newId, Problem, transaction } from '@oo/kernel'
import { accountHashOf } from './account.ts'
import { type Connector, ConnectorTrouble, type Tokens } from './connectors/connector.ts'
import { readState } from './connectState.ts'
import type { IntegrationsCtx } from './context.ts'
import { errors } from './errors.ts'
import { release } from './release.ts'
import { insertGrant, takeGrant } from './store.ts'
import { grantPlace } from './vault.ts'

export interface Return {
  personId: string
  sessionId: string
  source: string
  cookie: string | undefined
  query: { code?: string; state?: string; error?: string }
}

export type ConnectProblem = 'declined' | 'away' | 'expired'

const exchangeWithinMs = 8_000

/** The person is back from the provider: a stored grant and the page to go to, or what went wrong. */
export async function finishConnect(
  ctx: IntegrationsCtx,
  { personId, sessionId, source, cookie, query }: Return,
): Promise<{ next: string | null } | { problem: ConnectProblem }> {
  const connector = ctx.sources.get(source)?.connector
  if (!ctx.sources.has(source)) throw new Problem(errors.unknownSource)
  if (!connector) throw new Problem(errors.unavailable)
  const declined = query.error !== undefined
  const state = query.state ?? (declined ? null : '')
  const begun = readState(ctx.clock, ctx.stateKey, {
    cookie,
    returning: { personId, sessionId, source, state },
  })
  if (!begun || ctx.spentStates.has(begun.state)) return { problem: 'expired' }
  ctx.spentStates.add(begun.state)
  if (declined) return { problem: query.error === 'access_denied' ? 'declined' : 'away' }
  if (!query.code) return { problem: 'expired' }
  const tokens = await exchanged(connector, query.code)
  if (!('access' in tokens)) return tokens
  await storeGrant(ctx, connector, { personId, tokens })
  return { next: begun.next }
}

async function exchanged(connector: Connector, code: string): Promise<Tokens | { problem: ConnectProblem }> {
  try {
    return await connector.entry.exchange(code, AbortSignal.timeout(exchangeWithinMs))
  } catch (error) {
    if (!(error instanceof ConnectorTrouble)) throw error
    return { problem: error.kind === 'revoked' ? 'expired' : 'away' }
  }
}

async function storeGrant(
  ctx: IntegrationsCtx,
  connector: Connector,
  { personId, tokens }: { personId: string; tokens: Tokens },
): Promise<void> {
  const grant = { id: newId(ctx), personId, provider: connector.id }
  await transaction(ctx.db, async tx => {
    // Also makes two connections of one person wait for each other.
    await ctx.profiles.agree(tx, personId, 'sync')
    const before = await takeGrant(tx, personId, connector.id)
    if (before) await release(ctx, tx, before, { unless: tokens })
    const envelope = ctx.vault.seal(tokens, grantPlace(grant))
    const accountHash = accountHashOf(ctx, connector.id, tokens.account)
    await insertGrant(tx, { ...grant, ...envelope, connectedAt: ctx.clock.now(), accountHash })
    await ctx.events.append(tx, personId, { case: 'sourceConnected', value: { source: connector.id } })
  })
}
