import { isDeepStrictEqual } from 'node:util'
import { newId, transaction } from '@oo/kernel'
import { accountHashOf } from './account.ts'
import type { Connector, Tokens } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { enqueuePast } from './readPast.ts'
import { release } from './release.ts'
import { type Grant, grantFor, holdGrant, insertGrant, takeGrant } from './store.ts'
import { grantPlace } from './vault.ts'

/** A source is connected, however its grant came about, and another one before it handed back; the same again changes nothing. */
export async function storeGrant(
  ctx: IntegrationsCtx,
  connector: Connector,
  { personId, tokens }: { personId: string; tokens: Tokens },
): Promise<void> {
  const grant = { id: newId(ctx), personId, provider: connector.id }
  await transaction(ctx.db, async tx => {
    // A refresh under way ends first, before anything is written here.
    const there = await grantFor(tx, personId, connector.id)
    if (there) await holdGrant(tx, there.id)
    // Also makes two connections of one person wait for each other.
    await ctx.profiles.agree(tx, personId, 'sync')
    if (connector.calendar) await ctx.profiles.agree(tx, personId, 'calendar')
    const stored = await grantFor(tx, personId, connector.id)
    if (stored?.state === 'connected' && holds(ctx, stored, tokens)) return
    const before = await takeGrant(tx, personId, connector.id)
    if (before) await release(ctx, tx, before, { id: grant.id, tokens })
    const envelope = ctx.vault.seal(tokens, grantPlace(grant))
    const accountHash = accountHashOf(ctx, connector.id, tokens.account)
    await insertGrant(tx, { ...grant, ...envelope, connectedAt: ctx.clock.now(), accountHash })
    if (connector.tasks?.past) await enqueuePast(ctx, tx, grant.id)
    await ctx.events.append(tx, personId, { case: 'sourceConnected', value: { source: connector.id } })
  })
}

/** One that does not open is replaced. */
function holds({ vault }: IntegrationsCtx, grant: Grant, tokens: Tokens): boolean {
  try {
    return isDeepStrictEqual(vault.open(grant, grantPlace(grant)), tokens)
  } catch {
    return false
  }
}
