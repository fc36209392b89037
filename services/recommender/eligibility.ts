// The rules that no policy learns: what rests, what has no words, what is like something never wanted, what is said
// twice, how many places there are, and how much of a day is of one kind.
import { type ShownToday, withinShare } from './ceiling.ts'
import type { RecommenderCtx } from './context.ts'
import type { Candidate } from './decided.ts'
import type { LeftOut } from './leftOut.ts'
import { likeness, nearlySame } from './likeness.ts'
import type { Refusal } from './refused.ts'
import type { Shows } from './shows.ts'
import type { Source } from './sources/source.ts'
import type { ItemRow } from './store/items.ts'

interface Given {
  items: ReadonlyMap<string, ItemRow>
  refusal: Refusal
  shows: Shows
  today: ShownToday
  now: Date
  leftOut: LeftOut
}

export function openEligibility(ctx: Pick<RecommenderCtx, 'sketches' | 'mostOfAKind'>, given: Given) {
  const { items, refusal, shows, today, now, leftOut } = given
  let wakesAt: Date | null = null

  /** What a reaction made rest does so until its time: an hour, three days, for good. */
  const restOf = ({ id }: Candidate): string | null => {
    const item = items.get(id)
    if (!item?.restUntil || item.restUntil <= now) return null
    if (!wakesAt || item.restUntil < wakesAt) wakesAt = item.restUntil
    return item.restReason ?? 'resting'
  }

  /** What an earlier source says nearly so. */
  const isSaid = ({ wording }: Candidate, before: readonly Candidate[]): boolean => {
    if (before.length === 0) return false
    const own = ctx.sketches.passing(wording)
    return before.some(other => likeness(own, ctx.sketches.passing(other.wording)) >= nearlySame)
  }

  return {
    isAwake(candidate: Candidate): boolean {
      const reason = restOf(candidate) ?? (candidate.words.text === '' ? 'no_text' : null)
      if (reason) leftOut.name(candidate.id, reason)
      return reason === null
    },
    /** As many as the source has places for, in its order, with what is remembered of each and of its like. */
    take(source: Source, ordered: readonly Candidate[], before: readonly Candidate[]): Candidate[] {
      const taken: Candidate[] = []
      const words = new Set<string>()
      for (const [at, candidate] of ordered.entries()) {
        if (taken.length === source.places) {
          leftOut.count(source.name, source.leftOver, ordered.length - at)
          break
        }
        // Within one source only the very same words: a person's chapters 3 and 4 are two tasks.
        const plain = candidate.words.text.trim().toLowerCase()
        const { isNever, toDismissed } = refusal(candidate.wording)
        const isTwice = words.has(plain) || isSaid(candidate, before)
        const reason = isNever ? 'like_never' : isTwice ? 'duplicate' : null
        if (reason) leftOut.name(candidate.id, reason)
        else taken.push({ ...candidate, attributes: attributesOf(candidate, toDismissed) })
        words.add(plain)
      }
      return taken
    },
    /** Last of all, so that what it leaves is there to be shown. */
    withinShare(taken: readonly Candidate[]): Candidate[] {
      const { within, above } = withinShare(taken, { shown: today, share: ctx.mostOfAKind })
      for (const { id } of above) leftOut.name(id, 'enough_today')
      return within
    },
    isAnyResting: () => wakesAt !== null,
    wakesAt: () => wakesAt,
  }

  function attributesOf(candidate: Candidate, dismissedSimilarity: number | null): Candidate['attributes'] {
    const item = items.get(candidate.id)
    return {
      ...candidate.attributes,
      timesShown: item?.timesShown ?? 0,
      lastShownAt: item?.lastShownAt?.toISOString() ?? null,
      kindRecent: shows.of(candidate),
      generated: false,
      dismissedSimilarity,
    }
  }
}
