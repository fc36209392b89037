import type { Newcomer } from '@oo/auth'
import { keyedHash, type Tx } from '@oo/kernel'
import { agree } from './agree.ts'
import type { ProfileCtx } from './context.ts'
import { placeOf } from './profileOf.ts'
import { insertCard } from './store.ts'

/** Runs in the transaction that creates the person: the card, and the yes to the terms just shown. */
export async function welcome(ctx: ProfileCtx, tx: Tx, newcomer: Newcomer): Promise<void> {
  const { personId, name, email } = newcomer
  const sealer = await ctx.auth.sealer(personId, tx)
  await insertCard(tx, {
    personId,
    name: sealer.seal(name, placeOf('name', personId)),
    email: sealer.seal(email, placeOf('email', personId)),
    emailHash: keyedHash(ctx.secret, 'email', email.toLowerCase()),
    createdAt: ctx.clock.now(),
  })
  await agree(ctx, tx, { personId, purpose: 'terms' })
}
