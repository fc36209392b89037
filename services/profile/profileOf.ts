import { Problem } from '@oo/kernel'
import type { Profile } from '@oo/shared-types'
import { activePause } from './activePause.ts'
import type { ProfileCtx } from './context.ts'
import { errors } from './errors.ts'
import type { Card } from './store.ts'

/** Where a sealed value lives; it opens nowhere else. */
export const placeOf = (column: 'name' | 'email', personId: string): string =>
  `profile.cards.${column}:${personId}`

/** The card as the person sees it. */
export async function profileOf(ctx: ProfileCtx, card: Card | undefined): Promise<Profile> {
  if (!card) throw new Problem(errors.gone)
  const sealer = await ctx.auth.sealer(card.personId)
  const pause = activePause(card, ctx.clock.now())
  return {
    id: card.personId,
    name: sealer.open(card.name, placeOf('name', card.personId)),
    email: sealer.open(card.email, placeOf('email', card.personId)),
    timeZone: card.timeZone,
    contrast: card.contrast,
    pause: pause && { since: pause.since.toISOString(), until: pause.until?.toISOString() ?? null },
  }
}
