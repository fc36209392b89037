import type { PolicyState } from './policies/ladder.ts'
import type { ListedPolicies } from './policies/list.ts'
import type { Promoted, Promotion } from './policies/promote.ts'
import type { RollBack } from './policies/rollBack.ts'

export type { ListedPolicies, Promoted, Promotion, RollBack }

/** What an operator may do with policies; the console and the command ask the same. */
export interface Recommender {
  policies(): Promise<ListedPolicies>
  promote(wanted: Promotion): Promise<Promoted>
  rollBack(wanted: RollBack): Promise<{ from: PolicyState }>
}
