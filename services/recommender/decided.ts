// What could be shown, and what was decided about it.
import { type MomentContext, nothingKnown, type TaskAttributes } from '@oo/integrations'
import type { mlComponents, SilenceReason, Tip } from '@oo/shared-types'
import type { Theme } from './advice/card.ts'
import type { Arm } from './policies/assignment.ts'
import type { Ineligible, Shadow } from './tables.ts'

/** What stays the same object for as long as its words do. */
export interface Worded {
  readonly text: string
}

/** What of a candidate the page shows. */
export interface Words extends Worded {
  url: string | null
  due: TaskAttributes['due']
}

/** Where an item comes from, and its id there. */
export interface ItemRef {
  source: string
  externalId: string
}

/** As a source offers it. */
export interface Candidate extends ItemRef {
  id: string
  kind: Tip['kind']
  theme: Theme | null
  words: Words
  /** By which its sketch is remembered. */
  wording: Worded
  /** Where its moment ends sooner than a tip does. */
  until?: Date
  /** What its source knows of it, as ml takes it. */
  attributes: mlComponents['schemas']['Attributes']
}

export interface Candidates {
  /** What is known of the moment besides its time, where the person agreed. */
  context: MomentContext
  eligible: Candidate[]
  ineligible: Ineligible[]
  /** Tips shown to this person, halved every day. */
  dosage: number
  /** Nothing of the person's can be read: what would help is to connect it. */
  isUnread: boolean
  /** Why there is nothing, and when something resting wakes. */
  silence: SilenceReason | null
  wakesAt: Date | null
}

/** There is nothing to choose from, and nothing was looked at. */
export const noCandidates: Candidates = {
  ...{ eligible: [], ineligible: [], dosage: 0, isUnread: false, silence: null, wakesAt: null },
  context: nothingKnown,
}

export interface Decided {
  policy: string
  version: string
  chosen: Candidate | null
  silence: SilenceReason | null
  probabilities: number[]
  scores: number[]
  features: { names: string[]; values: number[][] }
  /** What each feature added to each score; empty where nothing was scored. */
  contributions: number[][]
  /** The population's mean decided, or chance in a moment that is held back; else null. */
  decidedAs: 'population' | 'holdback' | null
  /** That a push was sent at all; null of a page, and where ml was not asked or did not answer. */
  sendProbability: number | null
  shadows: Shadow[]
  /** The trial of a policy that ran, and whether this person has the new one. */
  trial: { experiment: string; arm: Arm } | null
}
