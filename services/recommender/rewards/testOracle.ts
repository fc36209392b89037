// What a life must have earned, by a plain reading of the product's words over a diary of what happened: tip by tip,
// without the code it judges, its tables, or the order in which anything was heard.
import type { ReactionKind } from '@oo/shared-types'

export interface DiaryTip {
  decisionId: string
  item: string
  /** When it came before the person's eyes, by whichever report said so first. */
  shownAt: Date | null
  reactions: { id: string; kind: ReactionKind; at: Date; undone: boolean }[]
}

export interface Diary {
  tips: DiaryTip[]
  /** At the provider, with who did it; only what a look could find. */
  completions: { item: string; at: Date; by: 'person' | 'oO' }[]
  pauses: { since: Date; until: Date | null }[]
}

export interface Stands {
  decisionId: string
  reward: number
  part: string
  at: string
}

/** The numbers of the product's table, typed once more. */
const numbers: Record<ReactionKind, [number, string] | null> = {
  done: [1, 'all'],
  helpful: [0.5, 'all'],
  snooze: [0, 'all'],
  not_helpful: [-0.5, 'all'],
  dismiss: [-1, 'all'],
  wrong_time: [-1, 'timing'],
  wrong_thing: [-1, 'choice'],
  already_done: null,
  never: [-1, 'all'],
}
const finals = new Set<ReactionKind>(['done', 'dismiss', 'wrong_time', 'wrong_thing', 'never'])
const day = 86_400_000

export function expected(diary: Diary, defaultReward: number): Stands[] {
  const paused = (from: number, to: number) =>
    diary.pauses.some(({ since, until }) => {
      const end = until ? until.getTime() : Number.POSITIVE_INFINITY
      return from === to ? since.getTime() <= from && from < end : since.getTime() < to && from < end
    })
  const awake = (at: Date) => !paused(at.getTime(), at.getTime())

  const standing = (tip: DiaryTip) => {
    let counts: DiaryTip['reactions'][number] | null = null
    for (const one of tip.reactions) {
      if (awake(one.at)) counts = one
      if (one.undone) counts = null
    }
    return counts
  }

  const result: Stands[] = []
  for (const tip of diary.tips) {
    if (!tip.shownAt) continue
    const say = (value: number, part: string, at: Date) =>
      result.push({ decisionId: tip.decisionId, reward: value, part, at: at.toISOString() })
    const said = standing(tip)
    if (said && (finals.has(said.kind) || said.kind === 'already_done')) {
      const worth = numbers[said.kind]
      if (worth) say(worth[0], worth[1], said.at)
      continue
    }
    const shown = tip.shownAt.getTime()
    const siblings = diary.tips.filter(({ item }) => item === tip.item)
    const completed = diary.completions
      .filter(({ item, at, by }) => item === tip.item && by === 'person' && awake(at))
      .filter(({ at }) => at.getTime() >= shown && at.getTime() <= shown + day)
      .filter(({ at }) => !siblings.some(({ shownAt: s }) => s && s.getTime() > shown && s <= at))
      .filter(({ at }) => {
        const dones = siblings.map(standing).filter(one => one?.kind === 'done')
        return !dones.some(one => one && Math.abs(one.at.getTime() - at.getTime()) <= day)
      })
      .sort((a, b) => a.at.getTime() - b.at.getTime())[0]
    const worth = said && numbers[said.kind]
    if (completed) say(1, 'all', completed.at)
    else if (said && worth) say(worth[0], worth[1], said.at)
    else if (!paused(shown, shown + day)) say(defaultReward, 'all', new Date(shown + day))
  }
  return result.sort((a, b) => a.decisionId.localeCompare(b.decisionId))
}
