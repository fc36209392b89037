// What a person's own page tells: it is told now, by the clock of oO.
import { Problem, transaction } from '@oo/kernel'
import { purposes } from '@oo/profile'
import type { IntegrationsCtx } from '../context.ts'
import { errors } from '../errors.ts'
import { forgetSignals } from './forget.ts'
import { hear } from './hear.ts'
import type { Told } from './signal.ts'

export const ownPage = 'page'

/** A person who asks for it is told that they have to agree first; nothing of it is kept then. */
export async function tell(
  ctx: IntegrationsCtx,
  { personId, signals }: { personId: string; signals: readonly Told[] },
): Promise<void> {
  await transaction(ctx.db, async tx => {
    const { without } = await hear(ctx, tx, personId, { source: ownPage, signals })
    const [missing] = without
    if (!missing) return
    const { title } = purposes[missing]
    throw new Problem({
      ...errors.consentMissing,
      title: `oO may not keep this yet; agree to “${title}” under You, What you agreed to.`,
    })
  })
}

/** Twice is as good as once. */
export const takeBackMood = (ctx: IntegrationsCtx, personId: string): Promise<number> =>
  transaction(ctx.db, tx => forgetSignals(tx, personId, { types: ['mood'], source: ownPage }))
