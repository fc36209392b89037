import { createHash } from 'node:crypto'
import type { Zone } from '../calendar.ts'
import { type Fields, textOf, wholeOf } from '../read.ts'
import { type Calendar, type CalendarEvent, eventTypes, type House } from './account.ts'
import { badRequest, fullSyncRequired, invalid, syncTokenAlone, timeRangeEmpty } from './errors.ts'
import { instantFrom } from './moments.ts'
import type { Window } from './occurrences.ts'
import { opened, sealed } from './opaque.ts'
import { allRows, changedRows, type Row, type Wanted } from './rows.ts'
import { eventJson } from './wire.ts'

const defaultPage = 250
const maxPage = 2_500
const notWithSyncToken = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
]

const isTrue = (value: unknown): boolean => value === true || value === 'true'

function instantParameter(query: Fields, name: string): number | undefined {
  const text = textOf(query[name])
  if (text === undefined) return undefined
  const at = instantFrom(text)
  if (at === undefined) throw badRequest('Bad Request')
  return at
}

export function windowFrom(query: Fields): Window {
  const [from, to] = [instantParameter(query, 'timeMin'), instantParameter(query, 'timeMax')]
  const window = { from: from ?? Number.NEGATIVE_INFINITY, to: to ?? Number.POSITIVE_INFINITY }
  if (window.from >= window.to) throw timeRangeEmpty()
  return window
}

export function pageSizeOf(query: Fields): number {
  const size = query.maxResults === undefined ? defaultPage : wholeOf(query.maxResults)
  if (size === undefined || size < 1) throw invalid('maxResults')
  return Math.min(size, maxPage)
}

export function zoneFrom(query: Fields, home: Zone, house: House): Zone {
  if (query.timeZone === undefined) return home
  const zone = house.zones(textOf(query.timeZone) ?? '')
  if (!zone) throw invalid('timeZone')
  return zone
}

function keepFrom(query: Fields): (event: CalendarEvent) => boolean {
  for (const name of ['privateExtendedProperty', 'sharedExtendedProperty']) {
    if (query[name] !== undefined) throw badRequest(`The sandbox does not know ${name}.`)
  }
  const types = query.eventTypes === undefined ? [] : [query.eventTypes].flat()
  if (types.some(type => !eventTypes.some(known => known === type))) throw invalid('eventTypes')
  const [words, uid] = [textOf(query.q)?.toLowerCase(), textOf(query.iCalUID)]
  const since = instantParameter(query, 'updatedMin')
  return event =>
    (types.length === 0 || types.includes(event.eventType)) &&
    (words === undefined ||
      `${event.summary} ${event.description} ${event.location}`.toLowerCase().includes(words)) &&
    (uid === undefined || uid === `${event.seriesId ?? event.id}@google.com`) &&
    (since === undefined || event.updated >= since)
}

type SyncToken = { version: number; window: Window }

/** A token of another life, of another calendar or of before its calendar forgot is gone. */
function syncTokenFrom(query: Fields, calendar: Calendar, house: House): SyncToken | undefined {
  const text = textOf(query.syncToken)
  if (!text) return undefined
  const restricted = notWithSyncToken.some(name => query[name] !== undefined)
  if (restricted || query.showDeleted === 'false') throw syncTokenAlone()
  const { life, calendar: id, version, from, to, single } = opened(text)
  const known = wholeOf(version)
  const isOurs = life === house.life && id === calendar.id && single === isTrue(query.singleEvents)
  if (!isOurs || known === undefined || known < calendar.oldestToken) throw fullSyncRequired()
  return { version: known, window: { from: wholeOf(from) ?? -Infinity, to: wholeOf(to) ?? Infinity } }
}

/** The question a page belongs to: a page token of another one is refused. */
function questionOf(query: Fields): string {
  const asked = Object.entries(query).filter(([name]) => name !== 'pageToken' && name !== 'fields')
  return createHash('sha256').update(JSON.stringify(asked.toSorted())).digest('base64url').slice(0, 12)
}

function orderOf(query: Fields): (row: Row) => string {
  const at = (value: number) => String(value + 1e14).padStart(16, '0')
  if (query.orderBy === undefined) return row => row.id
  if (query.orderBy === 'updated') return row => `${at(row.updated)} ${row.id}`
  if (query.orderBy !== 'startTime') throw invalid('orderBy')
  if (!isTrue(query.singleEvents)) {
    throw badRequest('The requested ordering is not available for the particular query.')
  }
  return row => `${at(row.at)} ${row.id}`
}

export type ListAsked = { calendar: Calendar; query: Fields; house: House; email: string; sparse: boolean }

/**
 * One page. The page token names the last row given and the calendar's version at the first page, so a change in
 * between neither repeats nor skips a row, and is told by the first incremental sync.
 */
export function listEvents({ calendar, query, house, email, sparse }: ListAsked): Fields {
  const shown = zoneFrom(query, calendar.zone, house)
  const size = pageSizeOf(query)
  const sync = syncTokenFrom(query, calendar, house)
  const page = textOf(query.pageToken) ? opened(textOf(query.pageToken) ?? '') : undefined
  const question = questionOf(query)
  if (page && page.question !== question) throw invalid('pageToken', 'Invalid page token value.')
  const version = wholeOf(page?.version) ?? calendar.version
  const wanted: Wanted = {
    window: sync?.window ?? windowFrom(query),
    singleEvents: isTrue(query.singleEvents),
    showDeleted: isTrue(query.showDeleted),
    keep: keepFrom(query),
  }
  const key = orderOf(query)
  const after = textOf(page?.after) ?? ''
  const rows = sync ? changedRows(calendar, wanted, sync.version, house) : allRows(calendar, wanted, house)
  const rest = rows
    .map(row => ({ row, key: key(row) }))
    .filter(entry => entry.key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const given = rest.slice(0, size)
  const last = given.at(-1)
  const more = rest.length > size && last !== undefined
  const window = wanted.window
  const givesToken = !['orderBy', 'q', 'iCalUID', 'updatedMin'].some(name => query[name] !== undefined)
  const syncToken = () => {
    const bounds = {
      ...(Number.isFinite(window.from) && { from: window.from }),
      ...(Number.isFinite(window.to) && { to: window.to }),
    }
    return sealed({
      life: house.life,
      calendar: calendar.id,
      version,
      single: wanted.singleEvents,
      ...bounds,
    })
  }
  return {
    kind: 'calendar#events',
    etag: `"${house.life.length}${calendar.version}"`,
    summary: calendar.summary,
    description: '',
    updated: new Date(
      Math.max(0, ...[...calendar.events.values()].map(event => event.updated)),
    ).toISOString(),
    timeZone: shown.name,
    accessRole: sparse ? 'freeBusyReader' : calendar.accessRole,
    defaultReminders: calendar.primary ? [{ method: 'popup', minutes: 10 }] : [],
    ...(more && { nextPageToken: sealed({ question, version, after: last.key }) }),
    ...(!more && givesToken && { nextSyncToken: syncToken() }),
    items: given.map(({ row }) => eventJson(row.event, { shown, sparse, email })),
  }
}
