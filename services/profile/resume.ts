import { changed, transaction } from '@oo/kernel'
import type { Profile } from '@oo/shared-types'
import { activePause } from './activePause.ts'
import type { ProfileCtx } from './context.ts'
import { profileOf } from './profileOf.ts'
import { lockCard, recordPause, updateCard } from './store.ts'
import { wishesTopic } from './wishesMemory.ts'

/** Resuming while awake changes nothing. */
export async function resume(ctx: ProfileCtx, personId: string): Promise<Profile> {
  const card = await transaction(ctx.db, async tx => {
    const now = ctx.clock.now()
    const before = await lockCard(tx, personId)
    const active = before && activePause(before, now)
    if (!active) return before
    await ctx.events.append(tx, personId, { case: 'pauseChanged', value: { paused: false } })
    changed(tx, wishesTopic, personId)
    await recordPause(tx, { personId, since: active.since, until: now })
    return updateCard(tx, personId, { pausedSince: null, pausedUntil: null })
  })
  return profileOf(ctx, card)
}
