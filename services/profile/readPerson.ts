import { Problem } from '@oo/kernel'
import type { ProfileData } from '@oo/shared-types'
import { consentsOf } from './consentsOf.ts'
import type { ProfileCtx } from './context.ts'
import { errors } from './errors.ts'
import { profileOf } from './profileOf.ts'
import { findPerson } from './store.ts'

/** As the engine knows them, unsealed for their own eyes: what `wishes` keeps in memory is the same read. */
export async function readPerson(ctx: ProfileCtx, personId: string): Promise<ProfileData> {
  const [person, contexts] = await Promise.all([findPerson(ctx.db, personId), ctx.contexts(personId)])
  if (!person) throw new Problem(errors.gone)
  return {
    profile: await profileOf(ctx, person.card),
    contexts,
    consents: consentsOf(person.answers),
  }
}
