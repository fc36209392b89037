// Looks at every source now and then, so that what no webhook told is found too.
import { transaction } from '@oo/kernel'
import type { IntegrationsCtx } from './context.ts'
import { enqueueLook } from './lookAgain.ts'
import { overdueLooks } from './storeLooks.ts'

export const defaultLookEveryMs = 600_000
/** With a round a minute this many sources are looked at in ten minutes, ten times over; more wait their turn. */
const mostInARound = 100

export async function lookWhereOverdue(ctx: IntegrationsCtx): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - ctx.lookEveryMs)
  for (const { personId, provider } of await overdueLooks(ctx.db, before, mostInARound))
    if (ctx.sources.get(provider)?.connector?.isAway() === false)
      await transaction(ctx.db, tx => enqueueLook(ctx, tx, { personId, source: provider }))
}
