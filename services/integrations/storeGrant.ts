import { newId, transaction } from '@oo/kernel'
import { accountHashOf } from './account.ts'
import type { Connector, Tokens } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { release } from './release.ts'
import { insertGrant, takeGrant } from './store.ts'
import { grantPlace } from './vault.ts'

/** A source is connected, however its grant came about; what was connected before is handed back. */
export async function storeGrant(
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
