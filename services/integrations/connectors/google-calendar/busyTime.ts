import type { calendar_v3 } from '@googleapis/calendar'
import type { BusyTime } from '../connector.ts'

/** Everything oO asks of an event. Not its words, not where it is, not who else comes: Google does not send them. */
export const eventFields =
  'id,status,transparency,eventType,start(date,dateTime),end(date,dateTime),attendees(self,responseStatus)'

const notTaken: readonly unknown[] = ['workingLocation', 'birthday']

/** Undefined for what takes no time: cancelled, declined, marked as free, told for its place only, or empty. */
export function busyTimeOf(event: calendar_v3.Schema$Event): BusyTime | undefined {
  const { id, status, transparency, eventType, attendees, start, end } = event
  if (!id || status === 'cancelled' || transparency === 'transparent') return undefined
  if (notTaken.includes(eventType)) return undefined
  if (attendees?.some(attendee => attendee.self === true && attendee.responseStatus === 'declined'))
    return undefined
  const allDay = typeof start?.date === 'string'
  const [startsAt, endsAt] = allDay
    ? [dayOf(start.date), dayOf(end?.date)]
    : [instantOf(start?.dateTime), instantOf(end?.dateTime)]
  if (!startsAt || !endsAt || endsAt <= startsAt) return undefined
  return { externalId: id, startsAt, endsAt, allDay }
}

const fixed = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/
const day = /^\d{4}-\d{2}-\d{2}$/

const instantOf = (text: unknown): Date | undefined =>
  typeof text === 'string' && fixed.test(text) ? valid(new Date(text)) : undefined

const dayOf = (text: unknown): Date | undefined =>
  typeof text === 'string' && day.test(text) ? valid(new Date(`${text}T00:00:00Z`)) : undefined

const valid = (at: Date): Date | undefined => (Number.isNaN(at.getTime()) ? undefined : at)
