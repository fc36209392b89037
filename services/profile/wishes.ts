import type { Db } from '@oo/kernel'
import { activePause } from './activePause.ts'
import type { ProfileCtx } from './context.ts'
import type { Wishes } from './door.ts'
import { counts } from './purposes.ts'
import { standingOf } from './store.ts'

/** Someone who is gone wishes for nothing and agreed to nothing. */
export async function wishes(ctx: ProfileCtx, personId: string, db: Db = ctx.db): Promise<Wishes> {
  const now = ctx.clock.now()
  const { value: standing } = await ctx.memory.look(personId, () => standingOf(db, personId))
  if (!standing) return { timeZone: null, pause: null, consents: new Set() }
  return {
    timeZone: standing.timeZone,
    pause: activePause(standing, now),
    consents: new Set(standing.answers.filter(counts).map(answer => answer.purpose)),
  }
}
