import type { PolicyState } from './policies/ladder.ts'
import type { ListedPolicies } from './policies/list.ts'
import type { Promoted, Promotion } from './policies/promote.ts'
import type { RollBack } from './policies/rollBack.ts'
import type { AskedPush, PushDecision } from './push.ts'

export type { PushRule, PushSilence } from './push.ts'
export type { AskedPush, ListedPolicies, Promoted, Promotion, PushDecision, RollBack }

export interface Recommender {
  /** Of the notifier: whether to interrupt now, and with what. */
  decidePush(asked: AskedPush): Promise<PushDecision>
  /** What an operator may do with policies; the console and the command ask the same. */
  policies(): Promise<ListedPolicies>
  promote(wanted: Promotion): Promise<Promoted>
  rollBack(wanted: RollBack): Promise<{ from: PolicyState }>
}
