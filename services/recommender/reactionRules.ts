// What each reaction means for the item it was given to. Rewards are ml's; here is only what rests, and how long.
import type { Reaction, ReactionKind } from '@oo/shared-types'
import type { ReactionCode } from '@oo/shared-types/events'

interface Rule {
  /** How long the item rests; `snooze` is its own time, `never` has no end. */
  restHours: number | 'snooze' | 'never'
  /** Whether another reaction to the same tip may take its place. */
  final: boolean
  /** Whether the item was not wanted, and its like less. */
  refuses?: true
  code: keyof typeof ReactionCode
}

export const rules: Record<ReactionKind, Rule> = {
  done: { restHours: 12, final: true, code: 'DONE' },
  helpful: { restHours: 4, final: false, code: 'HELPFUL' },
  snooze: { restHours: 'snooze', final: false, code: 'SNOOZE' },
  not_helpful: { restHours: 24, final: false, code: 'NOT_HELPFUL' },
  dismiss: { restHours: 72, final: true, refuses: true, code: 'DISMISS' },
  wrong_time: { restHours: 4, final: true, code: 'WRONG_TIME' },
  wrong_thing: { restHours: 72, final: true, code: 'WRONG_THING' },
  already_done: { restHours: 72, final: false, code: 'ALREADY_DONE' },
  never: { restHours: 'never', final: true, refuses: true, code: 'NEVER' },
}

/** Whether the provider may have heard of it, so that taking it back means telling the provider again. */
export const isTold = (state: Reaction['state']): boolean => state === 'completing' || state === 'completed'

const hourMs = 3_600_000
/** PostgreSQL's own infinity does not fit a Date; this is far enough. */
const endOfTime = new Date('9999-12-31T00:00:00Z')

export function restUntil(reaction: ReactionKind, now: Date, snoozeUntil: Date | null): Date {
  const { restHours } = rules[reaction]
  if (restHours === 'never') return endOfTime
  if (restHours === 'snooze') return snoozeUntil ?? now
  return new Date(now.getTime() + restHours * hourMs)
}
