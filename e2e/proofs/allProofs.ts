import { proof as backlog } from './backlog.ts'
import { proof as backup } from './backup.ts'
import { proof as deploys } from './deploys.ts'
import { proof as diskFull } from './diskFull.ts'
import { proof as exactlyOnce } from './exactlyOnce.ts'
import { proof as faults } from './faults.ts'
import { proof as idempotency } from './idempotency.ts'
import { proof as killLoops } from './killLoops.ts'
import { proof as learnedState } from './learnedState.ts'
import { proof as manySources } from './manySources.ts'
import { proof as outbox } from './outbox.ts'
import { proof as powerCut } from './powerCut.ts'
import type { Proof } from './proof.ts'
import { proof as upgrades } from './upgrades.ts'
import { proof as webhooks } from './webhooks.ts'

/** One line a proof, in the order of the promises. */
export const allProofs: readonly Proof[] = [
  killLoops,
  powerCut,
  exactlyOnce,
  outbox,
  faults,
  webhooks,
  manySources,
  idempotency,
  diskFull,
  backup,
  upgrades,
  backlog,
  learnedState,
  deploys,
]
