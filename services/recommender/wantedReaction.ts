import type { ReactionKind } from '@oo/shared-types'
import type { Context } from '@opentelemetry/api'
import type { HeldTip } from './store/reactionGroup.ts'

/** A reaction as the writer of reactions takes it. */
export interface WantedReaction {
  personId: string
  tipId: string
  reaction: ReactionKind
  snoozeUntil: Date | null
  /** When the person did it, by their device. */
  at: string | undefined
  now: Date
  /** What is remembered of the words of a tip that is refused. */
  sketchOf: ((tip: HeldTip) => Buffer | null) | null
  /** The trace it belongs to. */
  within: Context
}

export interface Reacted {
  id: string
  undoUntil: string
}
