// What the engine knows of a moment, in the terms that a card's conditions use.
import type { OpenTask, OpenTasks } from '@oo/integrations'
import { localDate } from '../contextLine.ts'
import type { Weekday } from './card.ts'
import type { Moment } from './fitting.ts'

export interface Known {
  now: Date
  timeZone: string
  open: OpenTasks
  /** Minutes until the next appointment; null where no calendar may be read. */
  freeMin: number | null
}

export function momentOf({ now, timeZone, open, freeMin }: Known): Moment {
  const today = localDate(now, timeZone)
  // A source that does not answer leaves what is left in memory: too little to count.
  const known = open.state === 'connected'
  const count = (counts: (task: OpenTask) => boolean) => (known ? open.tasks.filter(counts).length : null)
  return {
    hour: localHour(now, timeZone),
    weekday: weekdayOf(today),
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

/** Making a formatter costs a hundred times its use; there are only as many as the world has zones. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function localHour(at: Date, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-u-nu-latn', { timeZone, hourCycle: 'h23', hour: 'numeric' })
  clocks.set(timeZone, clock)
  return Number(clock.format(at))
}

const weekdays: readonly Weekday[] = [7, 1, 2, 3, 4, 5, 6]

const weekdayOf = (date: string): Weekday => weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 1
