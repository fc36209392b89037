import { table } from './gen/ts/rewards.ts'
import type { ReactionKind } from './index.ts'

export interface Reward {
  value: number
  /** What it teaches: the choice and its time, or only one of them. */
  part: 'all' | 'timing' | 'choice'
}

interface Worth {
  /** Null: it teaches nothing. */
  reward: Reward | null
  /** Whether it closes the decision, so that a later reaction does not count. */
  final: boolean
}

/** What a shown tip earns when nothing was said for a day, unless an instance sets another value. */
export const silence: Reward = table.default

/** What each reaction earns. */
export const worth: Readonly<Record<ReactionKind, Worth>> = table.reactions
