import { type Fields, textOf } from '../read.ts'
import type { CalendarAccount, House } from './account.ts'
import { fullSyncRequired, invalid } from './errors.ts'
import { pageSizeOf } from './list.ts'
import { opened, sealed } from './opaque.ts'
import { calendarJson } from './wire.ts'

/** The calendars a person sees. The list itself never changes here, so an incremental sync is empty. */
export function listCalendars(account: CalendarAccount, query: Fields, house: House): Fields {
  const calendars = [...account.calendars.values()]
  const forgotten = Math.max(0, ...calendars.map(calendar => calendar.oldestToken))
  const sync = textOf(query.syncToken) ? opened(textOf(query.syncToken) ?? '') : undefined
  const token = { life: house.life, list: account.email, forgotten }
  if (sync && Object.entries(token).some(([name, value]) => sync[name] !== value)) throw fullSyncRequired()
  const page = textOf(query.pageToken) ? opened(textOf(query.pageToken) ?? '') : undefined
  const start = page ? calendars.findIndex(calendar => calendar.id === page.after) + 1 : 0
  if (page && start === 0) throw invalid('pageToken', 'Invalid page token value.')
  const given = sync ? [] : calendars.slice(start, start + pageSizeOf(query))
  const more = !sync && start + given.length < calendars.length
  return {
    kind: 'calendar#calendarList',
    etag: `"${forgotten}"`,
    ...(more ? { nextPageToken: sealed({ after: given.at(-1)?.id }) } : { nextSyncToken: sealed(token) }),
    items: given.map(calendarJson),
  }
}
