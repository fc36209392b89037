import type { RecommenderCtx } from '../context.ts'
import { readDeciding } from '../store/policies.ts'
import { type Arm, armOf } from './assignment.ts'
import { shareOf } from './ladder.ts'

export const theLadder = 'ladder'

export interface WhoDecides {
  /** Null: ml's own incumbent. */
  policy: string | null
  trial: { experiment: string; arm: Arm } | null
}

/** Which policy this person's decision is asked of; from memory, so it costs no question on a warm path. */
export async function whoDecides(
  ctx: Pick<RecommenderCtx, 'db' | 'deciding'>,
  personId: string,
): Promise<WhoDecides> {
  const { value: rows } = await ctx.deciding.look(theLadder, () => readDeciding(ctx.db))
  const launched = rows.find(({ state }) => state === 'launched')?.name ?? null
  const tried = rows.find(({ state }) => state !== 'launched')
  if (!tried) return { policy: launched, trial: null }
  const { experiment } = tried
  const arm = armOf(experiment, personId, shareOf(tried.state))
  return { policy: arm === 'new' ? tried.name : launched, trial: { experiment, arm } }
}
