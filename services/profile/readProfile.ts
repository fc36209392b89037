import type { Profile } from '@oo/shared-types'
import type { ProfileCtx } from './context.ts'
import { profileOf } from './profileOf.ts'
import { cardOf } from './store.ts'

export async function readProfile(ctx: ProfileCtx, personId: string): Promise<Profile> {
  return profileOf(ctx, await cardOf(ctx.db, personId))
}
