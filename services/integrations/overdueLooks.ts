// Looks at every source now and then, so that what no webhook told is found too.
import { transaction } from '@oo/kernel'
import type { IntegrationsCtx } from './context.ts'
import { enqueueLook } from './lookAgain.ts'
import { overdueLooks } from './storeLooks.ts'

export const defaultLookEveryMs = 600_000
/** Of each app. With a round a minute this many are looked at in ten minutes, ten times over; more wait their turn. */
const mostInARound = 100

export async function lookWhereOverdue(ctx: IntegrationsCtx): Promise<void> {
  const now = ctx.clock.now().getTime()
  for (const { about, connector, lookEveryMs = ctx.lookEveryMs } of ctx.sources.values()) {
    if (connector?.isAway() !== false) continue
    const overdue = { provider: about.id, before: new Date(now - lookEveryMs), most: mostInARound }
    for (const personId of await overdueLooks(ctx.db, overdue))
      await transaction(ctx.db, tx => enqueueLook(ctx, tx, { personId, source: about.id }))
  }
}
