import type { ProfileCtx } from './context.ts'
import type { Pause } from './door.ts'
import { pausesSince } from './store.ts'

export async function recentPauses(
  ctx: ProfileCtx,
  personIds: readonly string[],
  then: Date,
): Promise<Map<string, Pause[]>> {
  const found = new Map<string, Pause[]>()
  for (const { personId, since, until } of await pausesSince(ctx.db, personIds, then)) {
    const pauses = found.get(personId) ?? []
    pauses.push({ since, until })
    found.set(personId, pauses)
  }
  return found
}
