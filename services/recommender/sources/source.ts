// What a source of candidates is. `sources.ts` has them in the order in which they are asked; a file each.
import type { Integrations } from '@oo/integrations'
import type { Purpose } from '@oo/shared-types'
import type { Theme } from '../advice/card.ts'
import type { Known } from '../advice/moment.ts'
import type { Candidate, ItemRef, Words } from '../decided.ts'

/** What is known of the moment; each source takes what it can use. */
export type Moment = Known

export interface Gathered {
  candidates: readonly Candidate[]
  /** How many it has that do not fit this moment; they are not named one by one. */
  unfit: number
}

export interface SourceCtx {
  integrations: Pick<Integrations, 'itemOf' | 'stateOf' | 'busyTimesOf'>
}

export interface Source {
  name: string
  kind: Candidate['kind']
  /** How many of it are scored at most; what is left over is recorded as this. */
  places: number
  leftOver: string
  /** What the person has to have agreed to. */
  consent?: Purpose
  gather(ctx: SourceCtx, personId: string, moment: Moment): Gathered | Promise<Gathered>
  /** The order in which they are given places; `chance` is the decision's own. */
  order(candidates: readonly Candidate[], chance: () => number): Candidate[]
  /** The words of an item of it that are at hand; `until`: when a tip of it ends, on that clock. */
  wordsOf(
    ctx: SourceCtx,
    personId: string,
    item: ItemRef,
    until?: { at: Date; timeZone: string },
  ): Words | undefined
  /** Whether a tip of it is none any more: done, gone, or its moment over or another one than the tip says. */
  isOver(
    ctx: SourceCtx,
    personId: string,
    tip: ItemRef & { expiresAt: Date },
    moment: Pick<Moment, 'now' | 'timeZone'>,
  ): boolean | Promise<boolean>
  themeOf(externalId: string): Theme | null
  /** A tip of it lives as long as the moment it speaks of: an undo does not prolong it. */
  endsWithMoment?: true
  /** Whether a provider has to hear of what is done with it. */
  hasProvider: boolean
}
