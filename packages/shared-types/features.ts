import { features } from './gen/ts/features.ts'

/** What a column of the features says to a person; an empty sentence is one that is never said. */
export interface Said {
  /** The consent it rests on; `service` is oO working at all. */
  purpose: string
  why: string
  /** Instead of `why` where the value is below zero. */
  whyBelow: string
  /** Where having less of it than the others spoke for the tip. */
  whyLess: string
  /** The weight is above, or below, what oO assumed of anyone. */
  learnedMore: string
  learnedLess: string
}

/** By the column's name. A log may name one that is no longer there. */
export const said: ReadonlyMap<string, Said> = new Map<string, Said>(Object.entries(features))
