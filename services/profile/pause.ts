import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { changed, Problem, transaction } from '@oo/kernel'
import type { Profile } from '@oo/shared-types'
import { activePause } from './activePause.ts'
import type { ProfileCtx } from './context.ts'
import { errors } from './errors.ts'
import { profileOf } from './profileOf.ts'
import { forgetPauses, lockCard, recordPause, updateCard } from './store.ts'
import { wishesTopic } from './wishesMemory.ts'

const longestMs = 366 * 86_400_000
/** Twice as long as what they explain. */
const keptMs = 60 * 86_400_000

/** Without an end it lasts until the person resumes. Pausing again moves the end and keeps the beginning. */
export async function pause(
  ctx: ProfileCtx,
  { personId, until = null }: { personId: string; until?: Date | null },
): Promise<Profile> {
  const now = ctx.clock.now()
  // Also refuses what is no moment at all, such as a 61st second: every comparison with it is false.
  if (until && !(until > now)) throw new Problem(errors.pauseInPast)
  if (until && until.getTime() - now.getTime() > longestMs) throw new Problem(errors.pauseTooLong)

  const card = await transaction(ctx.db, async tx => {
    const before = await lockCard(tx, personId)
    if (!before) return undefined
    const active = activePause(before, now)
    if (active && active.until?.getTime() === until?.getTime()) return before
    await ctx.events.append(tx, personId, {
      case: 'pauseChanged',
      value: { paused: true, ...(until && { until: timestampFromDate(until) }) },
    })
    changed(tx, wishesTopic, personId)
    const since = active?.since ?? now
    await forgetPauses(tx, personId, new Date(now.getTime() - keptMs))
    await recordPause(tx, { personId, since, until })
    return updateCard(tx, personId, { pausedSince: since, pausedUntil: until })
  })
  return profileOf(ctx, card)
}
