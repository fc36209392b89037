// What could be shown, and what was decided about it.
import type { OpenTask } from '@oo/integrations'
import type { SilenceReason } from '@oo/shared-types'
import type { Ineligible, Shadow } from './tables.ts'

export interface Candidate {
  id: string
  kind: 'todo'
  task: OpenTask
  timesShown: number
  lastShownAt: Date | null
}

export interface Candidates {
  eligible: Candidate[]
  ineligible: Ineligible[]
  /** Why there is nothing, and when something resting wakes. */
  silence: SilenceReason | null
  wakesAt: Date | null
}

export interface Decided {
  policy: string
  version: string
  chosen: Candidate | null
  silence: SilenceReason | null
  probabilities: number[]
  scores: number[]
  features: { names: string[]; values: number[][] }
  shadows: Shadow[]
}
