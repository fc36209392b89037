// A rule, not learned: of a day's tips no one kind takes more than its share, and no one theme of advice either.
// Whoever acts on one kind alone would otherwise never see another, and nothing could be learned of it.
import type { Candidate } from './decided.ts'
import { localDate } from './localClock.ts'
import { sourceOf } from './sources/sources.ts'
import type { RememberedItem } from './store/items.ts'

/** What a ceiling is set for. */
type Sort = Candidate['kind'] | Candidate['theme']

export interface ShownToday {
  all: number
  of: ReadonlyMap<Sort, number>
}

/** What was on screen since midnight, where the person is. */
export function countToday(
  items: Iterable<RememberedItem>,
  { now, timeZone }: { now: Date; timeZone: string },
): ShownToday {
  const today = localDate(now, timeZone)
  const of = new Map<Sort, number>()
  let all = 0
  for (const item of items) {
    const shows = item.shownLately.filter(at => localDate(new Date(at), timeZone) === today).length
    if (shows === 0) continue
    const source = sourceOf(item)
    for (const sort of [source.kind, source.themeOf(item.externalId)])
      of.set(sort, (of.get(sort) ?? 0) + shows)
    all += shows
  }
  return { all, of }
}

/** Without the kind or theme that had its share of today, unless nothing else is there: better more of it than silence. */
export function withinShare(
  candidates: readonly Candidate[],
  { shown, share }: { shown: ShownToday; share: number },
): { within: Candidate[]; above: Candidate[] } {
  // Of the first n tips at most the share of n, rounded up; from a half on, one kind at most has had it.
  const hasHadIt = (sort: Sort) => sort !== null && (shown.of.get(sort) ?? 0) >= share * (shown.all + 1)
  const withoutKind = candidates.filter(({ kind }) => !hasHadIt(kind))
  const ofKinds = withoutKind.length > 0 ? withoutKind : candidates
  const withoutTheme = ofKinds.filter(({ theme }) => !hasHadIt(theme))
  const within = new Set(withoutTheme.length > 0 ? withoutTheme : ofKinds)
  return { within: [...within], above: candidates.filter(candidate => !within.has(candidate)) }
}
