import type { Zone } from '../calendar.ts'
import type { Fields } from '../read.ts'
import type { Calendar, CalendarEvent } from './account.ts'
import { momentJson } from './moments.ts'

/** `shown` is the zone of the answer's times; `sparse` hides what is told to nobody but readers of the event. */
export type Shape = { shown: Zone; sparse: boolean; email: string }

const stampOf = (at: number): string => new Date(at).toISOString()
const etagOf = (event: CalendarEvent): string => `"${event.updated}${event.version}"`

/** Google promises no more of a deleted event than which one it was. */
export function goneJson(event: CalendarEvent, shape: Shape): Fields {
  return {
    kind: 'calendar#event',
    etag: etagOf(event),
    id: event.id,
    status: 'cancelled',
    ...(event.seriesId !== null && { recurringEventId: event.seriesId }),
    ...(event.original && { originalStartTime: momentJson(event.original, shape.shown) }),
  }
}

export function eventJson(event: CalendarEvent, shape: Shape): Fields {
  if (event.status === 'cancelled') return goneJson(event, shape)
  const { seriesId, original, rule } = event
  const who = (email: string) => ({ email, ...(email === shape.email && { self: true }) })
  return {
    kind: 'calendar#event',
    etag: etagOf(event),
    id: event.id,
    status: event.status,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(event.id).toString('base64url')}`,
    created: stampOf(event.created),
    updated: stampOf(event.updated),
    ...(shape.sparse ? { visibility: 'private' } : wordsOf(event, who)),
    start: momentJson(event.start, shape.shown),
    end: momentJson(event.end, shape.shown),
    ...(rule && { recurrence: rule.lines }),
    ...(seriesId !== null && { recurringEventId: seriesId }),
    ...(original && { originalStartTime: momentJson(original, shape.shown) }),
    ...(event.transparency === 'transparent' && { transparency: 'transparent' }),
    iCalUID: `${seriesId ?? event.id}@google.com`,
    sequence: event.sequence,
    reminders: { useDefault: true },
    eventType: event.eventType,
    ...extrasOf(event),
  }
}

function wordsOf(event: CalendarEvent, who: (email: string) => Fields): Fields {
  return {
    summary: event.summary,
    ...(event.description && { description: event.description }),
    ...(event.location && { location: event.location }),
    creator: who(event.organizer),
    organizer: who(event.organizer),
    ...(event.attendees.length > 0 && {
      attendees: event.attendees.map(({ email, self, response }) => ({
        email,
        ...(email === event.organizer && { organizer: true }),
        ...(self && { self: true }),
        responseStatus: response,
      })),
    }),
  }
}

function extrasOf(event: CalendarEvent): Fields {
  const decline = { autoDeclineMode: 'declineNone' }
  if (event.eventType === 'outOfOffice') return { outOfOfficeProperties: decline }
  if (event.eventType === 'focusTime')
    return { focusTimeProperties: { ...decline, chatStatus: 'doNotDisturb' } }
  if (event.eventType !== 'workingLocation') return {}
  return { workingLocationProperties: { type: 'homeOffice', homeOffice: {} } }
}

export function calendarJson(calendar: Calendar): Fields {
  return {
    kind: 'calendar#calendarListEntry',
    etag: `"${calendar.id.length}"`,
    id: calendar.id,
    summary: calendar.summary,
    timeZone: calendar.zone.name,
    colorId: calendar.primary ? '14' : '7',
    backgroundColor: calendar.primary ? '#9fe1e7' : '#42d692',
    foregroundColor: '#000000',
    selected: true,
    accessRole: calendar.accessRole,
    defaultReminders: calendar.primary ? [{ method: 'popup', minutes: 10 }] : [],
    ...(calendar.primary && { primary: true }),
    conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
  }
}
