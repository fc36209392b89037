// What each tip of one item earned, from all that is known of the item. The same facts give the same rewards, in
// whatever order they were heard.
import type { Pause } from '@oo/profile'
import type { ReactionKind } from '@oo/shared-types'
import { type Reward, worth } from '@oo/shared-types/rewards'

export const dayMs = 86_400_000
export const earlier = (one: Date, other: Date): Date => new Date(Math.min(one.getTime(), other.getTime()))

/** How far a provider's clock may be from ours. */
const skewMs = 120_000

export interface Said {
  id: string
  reaction: ReactionKind
  at: Date
}

export interface TipFacts {
  decisionId: string
  shownAt: Date | null
  /** The day after it was shown is over. */
  closed: boolean
  /** The reaction that counts. */
  said: Said | null
}

/** At the provider, by whoever; `exact`: by its word, else by when oO heard of it. */
export interface Completion {
  at: Date
  exact: boolean
}

/** While the provider was told of a `done`, one that was taken back since among them. */
export interface Telling {
  from: Date
  to: Date | null
  undoneAt: Date | null
}

export interface ItemFacts {
  tips: readonly TipFacts[]
  completions: readonly Completion[]
  tellings: readonly Telling[]
  pauses: readonly Pause[]
}

export interface Outcome {
  outcome: 'not_shown' | 'waiting' | 'reacted' | 'completed' | 'no_reaction' | 'paused'
  /** Null where nothing is earned; `from` names what it is earned from. */
  earned: { from: string; reward: Reward; at: Date } | null
}

/** The outcome of each tip, in their order. */
export function outcomesOf(item: ItemFacts, defaultReward: Reward): Outcome[] {
  const completedAt = completedTips(item)
  return item.tips.map(tip => outcomeOf(tip, completedAt.get(tip.decisionId), item, defaultReward))
}

function outcomeOf(
  { shownAt, closed, said }: TipFacts,
  completedAt: Date | undefined,
  { pauses }: ItemFacts,
  defaultReward: Reward,
): Outcome {
  const { reward, final } = said ? worth[said.reaction] : { reward: null, final: false }
  const settled = final || (said !== null && reward === null)
  if (completedAt && !settled) {
    const done = worth.done.reward
    return { outcome: 'completed', earned: done && { from: 'completed', reward: done, at: completedAt } }
  }
  if (said) return { outcome: 'reacted', earned: reward && { from: said.id, reward, at: said.at } }
  if (!shownAt) return { outcome: 'not_shown', earned: null }
  if (!closed) return { outcome: 'waiting', earned: null }
  const end = new Date(shownAt.getTime() + dayMs)
  // Who paused was not silent about the tip.
  if (pauses.some(({ since, until }) => since < end && (!until || until > shownAt)))
    return { outcome: 'paused', earned: null }
  return { outcome: 'no_reaction', earned: { from: 'default', reward: defaultReward, at: end } }
}

/** Each completion is of the tip that was shown last before it, if that was within a day. */
function completedTips({ tips, completions, tellings, pauses }: ItemFacts): Map<string, Date> {
  const found = new Map<string, Date>()
  for (const one of completions.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (isPaused(pauses, one.at) || isKnown(one, { tips, tellings })) continue
    const latest = shownLast(tips, one.at)
    if (!latest?.shownAt || one.at.getTime() > latest.shownAt.getTime() + dayMs) continue
    if (!found.has(latest.decisionId)) found.set(latest.decisionId, one.at)
  }
  return found
}

export const isPaused = (pauses: readonly Pause[], at: Date): boolean =>
  pauses.some(({ since, until }) => since <= at && (!until || at < until))

/** Said by the person as well, of whichever of its tips; or done by oO itself. */
function isKnown(
  { at, exact }: Completion,
  { tips, tellings }: Pick<ItemFacts, 'tips' | 'tellings'>,
): boolean {
  const isSaid = tips.some(
    ({ said }) => said?.reaction === 'done' && Math.abs(said.at.getTime() - at.getTime()) <= dayMs,
  )
  return isSaid || tellings.some(telling => isOurs(telling, { at, exact }))
}

function isOurs({ from, to, undoneAt }: Telling, { at, exact }: Completion): boolean {
  if (at.getTime() < from.getTime() - skewMs) return false
  const end = to ?? undoneAt
  return !exact || !end || at.getTime() <= end.getTime() + skewMs
}

function shownLast(tips: readonly TipFacts[], at: Date): TipFacts | undefined {
  const shown = tips.filter(({ shownAt }) => shownAt && shownAt <= at)
  return shown.reduce<TipFacts | undefined>(
    (last, tip) => (last?.shownAt && tip.shownAt && last.shownAt > tip.shownAt ? last : tip),
    undefined,
  )
}
