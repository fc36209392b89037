// How much was shown lately, from the counts that the items keep: what a show counts is halved every day.
import type { Candidate, ItemRef } from './decided.ts'
import { sourceOf } from './sources/sources.ts'

const dayMs = 86_400_000

interface Shown extends ItemRef {
  recent: number
  lastShownAt: Date | null
}

export interface Shows {
  /** Of all that was shown. */
  dosage: number
  /** Of this kind and theme. */
  of(candidate: Pick<Candidate, 'kind' | 'theme'>): number
}

export function countShows(items: Iterable<Shown>, now: Date): Shows {
  const counts = new Map<string, number>()
  let dosage = 0
  for (const item of items) {
    if (!item.lastShownAt) continue
    const left = item.recent * 2 ** -(Math.max(0, now.getTime() - item.lastShownAt.getTime()) / dayMs)
    const source = sourceOf(item)
    const sort = sortOf({ kind: source.kind, theme: source.themeOf(item.externalId) })
    counts.set(sort, (counts.get(sort) ?? 0) + left)
    dosage += left
  }
  return { dosage, of: candidate => counts.get(sortOf(candidate)) ?? 0 }
}

const sortOf = ({ kind, theme }: Pick<Candidate, 'kind' | 'theme'>): string => `${kind} ${theme ?? ''}`
