import { activePause } from './activePause.ts'
import type { ProfileCtx } from './context.ts'
import type { Wishes } from './door.ts'
import { counts } from './purposes.ts'
import { findPerson } from './store.ts'

/** Someone who is gone wishes for nothing and agreed to nothing. */
export async function wishes(ctx: ProfileCtx, personId: string): Promise<Wishes> {
  const now = ctx.clock.now()
  const { value: person } = await ctx.memory.look(personId, () => findPerson(ctx.db, personId))
  if (!person) return { timeZone: null, pause: null, consents: new Set() }
  return {
    timeZone: person.card.timeZone,
    pause: activePause(person.card, now),
    consents: new Set(person.answers.filter(counts).map(answer => answer.purpose)),
  }
}
