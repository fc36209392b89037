import type { Context } from '@opentelemetry/api'
import type { Candidates, Decided } from './decided.ts'
import type { PushSilence } from './push.ts'
import type { Answer, CurrentAnswer } from './store/answers.ts'

/** A decision as the writer of decisions takes it: what was decided, and the answer it was to replace. */
export interface NewDecision {
  personId: string
  trigger: 'open' | 'push'
  /** A push that stays silent is no answer: the one that stands goes on. */
  answer: Omit<Answer, 'silence'> & { silence: Answer['silence'] | PushSilence }
  decided: Decided
  candidates: Candidates
  seen: CurrentAnswer | null
  latencyMs: number
  at: Date
  /** The trace it belongs to. */
  within: Context
}

/** The version of the answer as it now stands; null when another one does. */
export type Recorded = string | null
