import { Problem, transaction } from '@oo/kernel'
import type { IntegrationsCtx } from './context.ts'
import { errors } from './errors.ts'
import { release } from './release.ts'
import { takeGrant } from './store.ts'

/** The grant is gone here at once and is revoked at the provider; what is not connected stays so. */
export async function disconnect(
  ctx: IntegrationsCtx,
  { personId, source }: { personId: string; source: string },
): Promise<void> {
  if (!ctx.sources.has(source)) throw new Problem(errors.unknownSource)
  await transaction(ctx.db, async tx => {
    const grant = await takeGrant(tx, personId, source)
    if (!grant) return
    await release(ctx, tx, grant)
    await ctx.events.append(tx, personId, { case: 'sourceDisconnected', value: { source } })
  })
}
