import { transaction } from '@oo/kernel'
import { type Connector, ConnectorTrouble, isTrouble, type Tokens } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import type { Held } from './refreshes.ts'
import { askNotBefore, type Grant, holdGrant, markReconnect, replaceTokens } from './store.ts'
import { grantPlace } from './vault.ts'

const expiresSoonMs = 60_000
const refreshWithinMs = 5_000

/** Nobody is asked who wants to be left alone, whichever process heard so. */
export async function withGrant<T>(
  ctx: IntegrationsCtx,
  connector: Connector,
  grant: Grant,
  call: (tokens: Tokens) => Promise<T>,
): Promise<T> {
  keepTheWait(ctx, grant)
  try {
    return await withTokens(ctx, connector, grant, call)
  } catch (error) {
    if (error instanceof ConnectorTrouble && error.retryAfterSeconds !== undefined)
      await askNotBefore(
        ctx.db,
        grant.id,
        new Date(ctx.clock.now().getTime() + error.retryAfterSeconds * 1_000),
      )
    throw error
  }
}

/** For what no look depends on: keeps to what the provider asked for, and what it asks for here keeps no look waiting. */
export async function withGrantAside<T>(
  ctx: IntegrationsCtx,
  connector: Connector,
  grant: Grant,
  call: (tokens: Tokens) => Promise<T>,
): Promise<T> {
  keepTheWait(ctx, grant)
  return withTokens(ctx, connector, grant, call)
}

function keepTheWait({ clock }: IntegrationsCtx, grant: Grant): void {
  const leftMs = (grant.askNotBefore?.getTime() ?? 0) - clock.now().getTime()
  if (leftMs > 0) throw new ConnectorTrouble('quota', 'asked to wait', Math.ceil(leftMs / 1_000))
}

/** Calls a provider with tokens that work: refreshed when they run out or are refused, `reconnect` when that fails. */
async function withTokens<T>(
  ctx: IntegrationsCtx,
  connector: Connector,
  grant: Grant,
  call: (tokens: Tokens) => Promise<T>,
): Promise<T> {
  if (connector.isAway()) throw new ConnectorTrouble('away', 'known to be away')
  let held: Held = { tokens: ctx.vault.open(grant, grantPlace(grant)), version: grant.version }
  if (runsOut(ctx, held.tokens)) held = await refreshed(ctx, connector, grant, held.version)
  try {
    return await call(held.tokens)
  } catch (error) {
    if (!isTrouble(error, 'revoked')) throw error
  }
  held = await refreshed(ctx, connector, grant, held.version)
  try {
    return await call(held.tokens)
  } catch (error) {
    if (isTrouble(error, 'revoked')) await markReconnect(ctx.db, grant.id, held.version)
    throw error
  }
}

function runsOut(ctx: IntegrationsCtx, { refresh, expiresAt }: Tokens): boolean {
  return (
    refresh !== null && expiresAt !== null && expiresAt.getTime() - ctx.clock.now().getTime() < expiresSoonMs
  )
}

function refreshed(
  ctx: IntegrationsCtx,
  connector: Connector,
  grant: Grant,
  refusedVersion: number,
): Promise<Held> {
  return ctx.refreshes.join(grant.id, async () => {
    const held = await transaction(ctx.db, async tx => {
      const stored = await holdGrant(tx, grant.id)
      if (stored?.state !== 'connected') return undefined
      const tokens = ctx.vault.open(stored, grantPlace(stored))
      // Another process was first: its pair is the one that works.
      if (stored.version !== refusedVersion) return { tokens, version: stored.version }
      try {
        const fresh = await connector.refresh(tokens, AbortSignal.timeout(refreshWithinMs))
        const version = await replaceTokens(tx, stored, ctx.vault.seal(fresh, grantPlace(stored)))
        return { tokens: fresh, version }
      } catch (error) {
        if (!isTrouble(error, 'revoked')) throw error
        await markReconnect(tx, stored.id, stored.version)
        return undefined
      }
    })
    if (!held) throw new ConnectorTrouble('revoked', 'the grant was refused')
    return held
  })
}
