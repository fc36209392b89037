import { createHash } from 'node:crypto'
import type { CivilDate, Zone, Zones } from '../calendar.ts'
import type { Rule } from './recurrence.ts'

/** When an event begins or ends: a day by itself, or an instant with the zone it was planned in. */
export type Moment = { allDay: true; date: CivilDate } | { allDay: false; at: number; zone: string }

export const eventTypes = [
  'default',
  'outOfOffice',
  'focusTime',
  'workingLocation',
  'fromGmail',
  'birthday',
] as const
export type EventType = (typeof eventTypes)[number]
export const responses = ['needsAction', 'declined', 'tentative', 'accepted'] as const
export type Attendee = { email: string; self: boolean; response: (typeof responses)[number] }

/** When a series takes place; kept apart so that an earlier plan can be told from the present one. */
export type Plan = { start: Moment; end: Moment; rule: Rule | null }

export type CalendarEvent = Plan & {
  id: string
  status: 'confirmed' | 'tentative' | 'cancelled'
  summary: string
  description: string
  location: string
  transparency: 'opaque' | 'transparent'
  eventType: EventType
  attendees: Attendee[]
  organizer: string
  /** For an instance that differs from its series: which series, and when it would have been. */
  seriesId: string | null
  original: Moment | null
  created: number
  updated: number
  sequence: number
  /** The calendar's version at the last change. */
  version: number
  /** Plans the series had, newest last, each with the version that ended it. */
  earlier: Array<{ plan: Plan; until: number }>
}

export type Calendar = {
  id: string
  summary: string
  primary: boolean
  accessRole: 'owner' | 'reader'
  zone: Zone
  events: Map<string, CalendarEvent>
  /** Grows with every change. */
  version: number
  /** Sync tokens of an older version are gone. */
  oldestToken: number
}

export type CalendarAccount = {
  email: string
  calendars: Map<string, Calendar>
  /** What this person ticks when asked; null for everything. */
  ticks: string[] | null
}

/** What the calendar's verbs need besides the calendar itself. */
export type House = { zones: Zones; now: number; life: string }

const idLetters = '0123456789abcdefghijklmnopqrstuv'

/** Google's event ids are base32hex; the same words give the same id. */
export function eventIdFor(...words: string[]): string {
  const bytes = createHash('sha256').update(words.join('\n')).digest()
  return [...bytes.subarray(0, 26)].map(byte => idLetters[byte % idLetters.length]).join('')
}

export function createCalendar(
  fields: Pick<Calendar, 'id' | 'summary' | 'zone'> & Partial<Pick<Calendar, 'primary' | 'accessRole'>>,
): Calendar {
  return { primary: false, accessRole: 'owner', ...fields, events: new Map(), version: 1, oldestToken: 0 }
}

export const primaryOf = (account: CalendarAccount): Calendar | undefined =>
  account.calendars.get(account.email)

/** Google takes `primary` for the person's own calendar. */
export const calendarOf = (account: CalendarAccount, id: string): Calendar | undefined =>
  id === 'primary' ? primaryOf(account) : account.calendars.get(id)
