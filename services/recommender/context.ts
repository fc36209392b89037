import type { Auth } from '@oo/auth'
import type { Events } from '@oo/events'
import type { Integrations } from '@oo/integrations'
import type { Ctx, GroupWriter } from '@oo/kernel'
import type { Profiles } from '@oo/profile'
import type { Memories } from './memories.ts'
import type { Ml } from './ml.ts'
import type { NewDecision, Recorded } from './newDecision.ts'
import type { Reacted, WantedReaction } from './wantedReaction.ts'

/** What the verbs of this module are given: the kernel's things and the doors of their neighbours. */
export interface RecommenderCtx extends Ctx, Memories {
  auth: Auth
  events: Events
  integrations: Integrations
  profiles: Profiles
  ml: Ml
  /** The share of a person's day that tips of one kind may take, from a half to all of it. */
  mostOfAKind: number
  decisions: GroupWriter<NewDecision, Recorded>
  reactions: GroupWriter<WantedReaction, Reacted>
}
