// The one quiet line above a tip. Days are counted in the person's own calendar, so a date never shifts.
import type { TaskAttributes } from '@oo/integrations'

const dayMs = 86_400_000

const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs)

/** Making a formatter costs a hundred times its use; there are only as many as the world has zones. */
const calendars = new Map<string, Intl.DateTimeFormat>()

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  calendars.set(timeZone, made)
  return made
}

export const localDate = (at: Date, timeZone: string): string => calendarOf(timeZone).format(at)

const localTime = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

const weekday = (date: string): string => weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? ''

export function contextLine(due: TaskAttributes['due'], now: Date, timeZone: string): string | undefined {
  if (!due) return undefined
  const days = dayNumber(due.date) - dayNumber(localDate(now, timeZone))
  if (days < -1) return `due ${-days} days ago`
  if (days === -1) return 'due yesterday'
  if (days === 0) return due.time ? `due at ${localTime(new Date(due.time), timeZone)}` : 'due today'
  if (days === 1) return 'due tomorrow'
  return days < 7 ? `due ${weekday(due.date)}` : undefined
}
