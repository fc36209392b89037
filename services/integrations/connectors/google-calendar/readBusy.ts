import type { calendar_v3 } from '@googleapis/calendar'
import { type CalendarAsked, type CalendarRead, ConnectorTrouble } from '../connector.ts'
import { busyTimeOf, eventFields } from './busyTime.ts'

const pageSize = 2_500
/** Google may give fewer than asked for, and still more to come. */
const mostPages = 20
const mostEvents = 10_000
/** Google keeps a cursor of any length; a longer one than this is no cursor. */
const longestCursor = 10_000

const wholeLists = {
  calendarId: 'primary',
  singleEvents: true,
  // The person alone among those who come: whether they declined.
  maxAttendees: 1,
  maxResults: pageSize,
  fields: `nextPageToken,nextSyncToken,items(${eventFields})`,
} satisfies calendar_v3.Params$Resource$Events$List

/** The person's own calendar, a series as its instances; with a cursor only what changed since. */
export async function readBusy(
  api: calendar_v3.Calendar,
  { since, from, to }: CalendarAsked,
): Promise<CalendarRead> {
  const which =
    since === null ? { timeMin: from.toISOString(), timeMax: to.toISOString() } : { syncToken: since }
  const read: CalendarRead = { changed: [], removed: [], next: null, whole: since === null }
  let pageToken: string | undefined
  let events = 0
  for (let page = 0; page < mostPages && events < mostEvents; page++) {
    const { data } = await api.events.list({ ...wholeLists, ...which, ...(pageToken && { pageToken }) })
    if (!Array.isArray(data?.items)) throw new ConnectorTrouble('garbage', 'the answer has no events')
    for (const event of data.items) {
      events += 1
      const busy = busyTimeOf(event)
      const lies = busy && busy.endsAt > from && busy.startsAt < to
      if (lies) read.changed.push(busy)
      else if (event.id && since !== null) read.removed.push(event.id)
    }
    pageToken = data.nextPageToken ?? undefined
    if (pageToken !== undefined) continue
    const next = data.nextSyncToken
    return { ...read, next: next && next.length <= longestCursor ? next : null }
  }
  return read
}
