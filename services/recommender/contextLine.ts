// The one quiet line above a tip. Days are counted in the person's own calendar, so a date never shifts.
import type { TaskAttributes } from '@oo/integrations'
import { localDate, localTime, weekdayOf } from './localClock.ts'

const dayMs = 86_400_000

const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs)

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

export function contextLine(due: TaskAttributes['due'], now: Date, timeZone: string): string | undefined {
  if (!due) return undefined
  const days = dayNumber(due.date) - dayNumber(localDate(now, timeZone))
  if (days < -1) return `due ${-days} days ago`
  if (days === -1) return 'due yesterday'
  if (days === 0) return due.time ? `due at ${localTime(new Date(due.time), timeZone)}` : 'due today'
  if (days === 1) return 'due tomorrow'
  return days < 7 ? `due ${weekdays[weekdayOf(due.date)] ?? ''}` : undefined
}
