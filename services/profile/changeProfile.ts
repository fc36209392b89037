import { changed, transaction } from '@oo/kernel'
import type { Profile } from '@oo/shared-types'
import type { ProfileCtx } from './context.ts'
import { profileOf } from './profileOf.ts'
import { lockCard, updateCard } from './store.ts'
import { parseTimeZone } from './timeZone.ts'
import { wishesTopic } from './wishesMemory.ts'

/** What is left out stays. */
export async function changeProfile(
  ctx: ProfileCtx,
  input: { personId: string; timeZone?: string; contrast?: 'black' | 'soft' },
): Promise<Profile> {
  const { personId, timeZone, contrast } = input
  const change = {
    ...(timeZone !== undefined && { timeZone: parseTimeZone(timeZone) }),
    ...(contrast !== undefined && { contrast }),
  }
  const card = await transaction(ctx.db, async tx => {
    const before = await lockCard(tx, personId)
    changed(tx, wishesTopic, personId)
    if (before && change.timeZone !== undefined && change.timeZone !== before.timeZone)
      await ctx.events.append(tx, personId, {
        case: 'timeZoneChanged',
        value: { moved: change.timeZone !== (before.timeZone ?? 'UTC') },
      })
    return updateCard(tx, personId, change)
  })
  return profileOf(ctx, card)
}
