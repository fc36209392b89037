import type { Card, Conditions, Range, Weekday } from './card.ts'

/** What is known of a moment; null is unknown: nothing connected, or not allowed to read it. */
export interface Moment {
  /** On the person's clock, 0 to 23. */
  hour: number
  weekday: Weekday
  openTasks: number | null
  overdue: number | null
  dueToday: number | null
  /** Minutes until the next appointment; a day without one is a large number, not null. */
  freeMin: number | null
}

/** The cards whose conditions hold, and that can be done before the next appointment, in the library's order. */
export const fitting = (cards: readonly Card[], moment: Moment): Card[] =>
  cards.filter(card => hasTime(card, moment) && holds(card.when ?? {}, moment))

const hasTime = ({ effortMin }: Card, { freeMin }: Moment): boolean =>
  freeMin === null || effortMin <= freeMin

function holds(when: Conditions, moment: Moment): boolean {
  return (
    (!when.hours || isBetween(moment.hour, when.hours)) &&
    (!when.weekdays || when.weekdays.includes(moment.weekday)) &&
    isWithin(moment.openTasks, when.openTasks) &&
    isWithin(moment.overdue, when.overdue) &&
    isWithin(moment.dueToday, when.dueToday) &&
    isWithin(moment.freeMin, when.freeMin)
  )
}

const isBetween = (hour: number, [from, until]: readonly [number, number]): boolean =>
  from < until ? hour >= from && hour < until : hour >= from || hour < until

function isWithin(known: number | null, range: Range | undefined): boolean {
  if (!range) return true
  if (known === null) return false
  return known >= (range.atLeast ?? 0) && known <= (range.atMost ?? Number.POSITIVE_INFINITY)
}
