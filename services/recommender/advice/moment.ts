// What the engine knows of a moment, in the terms that a card's conditions use.
import type { OpenTask, OpenTasks } from '@oo/integrations'
import { localDate, localHour, weekdayOf } from '../localClock.ts'
import type { Weekday } from './card.ts'
import type { Moment } from './fitting.ts'

export interface Known {
  now: Date
  timeZone: string
  open: OpenTasks
  /** Minutes until the next appointment; null where no calendar may be read. */
  freeMin: number | null
}

/** By the day as a date counts it, from Sunday on. */
const weekdays: readonly Weekday[] = [7, 1, 2, 3, 4, 5, 6]

export function momentOf({ now, timeZone, open, freeMin }: Known): Moment {
  const today = localDate(now, timeZone)
  // A source that does not answer leaves what is left in memory: too little to count.
  const known = open.state === 'connected'
  const count = (counts: (task: OpenTask) => boolean) => (known ? open.tasks.filter(counts).length : null)
  return {
    hour: localHour(now, timeZone),
    weekday: weekdays[weekdayOf(today)] ?? 1,
    openTasks: count(() => true),
    overdue: count(({ attributes: { due } }) => isLate(due, now, today)),
    dueToday: count(({ attributes: { due } }) => due?.date === today),
    freeMin,
  }
}

/** As ml counts it: past its hour where it has one, else past its day. */
function isLate(due: OpenTask['attributes']['due'], now: Date, today: string): boolean {
  if (!due) return false
  return due.time ? new Date(due.time) < now : due.date < today
}
