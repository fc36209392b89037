import { addDays, type CivilDate, weekdayOf, type Zone, type Zones } from '../calendar.ts'
import {
  type Calendar,
  type CalendarAccount,
  type CalendarEvent,
  createCalendar,
  eventIdFor,
  type House,
} from '../google/account.ts'
import { eventFrom } from '../google/events.ts'
import { wallClock } from '../google/moments.ts'
import { occurrencesOf } from '../google/occurrences.ts'
import type { Fields } from '../read.ts'
import { type DemoEvent, fullCalendar, starterCalendar } from './calendar-events.ts'

type Seed = { email: string; life: 'full' | 'starter'; now: Date; zone: Zone; zones: Zones }

const holidaysId = 'en.public#holiday@group.v.calendar.google.com'

const isWorkday = (date: CivilDate): boolean => ![0, 6].includes(weekdayOf(date))

function workdayFrom(today: CivilDate, count: number): CivilDate {
  let date = today
  while (!isWorkday(date)) date = addDays(date, 1)
  for (let left = Math.abs(count); left > 0; ) {
    date = addDays(date, Math.sign(count))
    if (isWorkday(date)) left -= 1
  }
  return date
}

/** A person's calendars as of now: the same events and ids each time, every date anchored to today. */
export function seedCalendar({ email, life, now, zone, zones }: Seed): CalendarAccount {
  const house: House = { zones, now: now.getTime(), life: '' }
  const own = createCalendar({ id: email, summary: email, zone, primary: true })
  const familyId = `${eventIdFor(email, 'family')}@group.calendar.google.com`
  const others = {
    family: createCalendar({ id: familyId, summary: 'Family', zone }),
    holidays: createCalendar({ id: holidaysId, summary: 'Holidays', zone, accessRole: 'reader' }),
  }
  const calendars = life === 'full' ? [own, others.family, others.holidays] : [own]
  const today = zone.today(now)
  for (const [order, entry] of (life === 'full' ? fullCalendar : starterCalendar).entries()) {
    const calendar = entry.calendar ? others[entry.calendar] : own
    const id = eventIdFor(email, 'seed', entry.text, String(order))
    const event = eventFrom({ ...house, email, calendar }, fieldsOf(entry, email, today, zone), id)
    event.created = house.now - 150 * 86_400_000
    event.updated = event.created
    calendar.events.set(id, event)
    if ('every' in entry)
      for (const other of exceptions(calendar, event, entry, house)) calendar.events.set(other.id, other)
  }
  return { email, calendars: new Map(calendars.map(calendar => [calendar.id, calendar])), ticks: null }
}

/** The entry as Google's insert would take it. */
function fieldsOf(entry: DemoEvent, email: string, today: CivilDate, zone: Zone): Fields {
  const date =
    'every' in entry
      ? addDays(today, -entry.from)
      : 'day' in entry
        ? addDays(today, entry.day)
        : workdayFrom(today, entry.workday)
  const organizer = entry.with?.[0] ?? email
  const people = [...(entry.with ?? []).map(address => ({ email: address, responseStatus: 'accepted' }))]
  return {
    summary: entry.text,
    description: entry.note,
    location: entry.place,
    transparency: entry.free ? 'transparent' : 'opaque',
    eventType: entry.kind,
    organizer: { email: organizer },
    recurrence: 'every' in entry ? [`RRULE:${entry.every}`] : [],
    attendees: people.length > 0 ? [...people, { email, responseStatus: entry.answer ?? 'needsAction' }] : [],
    ...timesOf(entry, date, zone),
  }
}

function timesOf(entry: DemoEvent, date: CivilDate, zone: Zone): Fields {
  if (entry.at === undefined) return { start: { date }, end: { date: addDays(date, entry.days ?? 1) } }
  const timeZone = entry.zone ?? zone.name
  const start = `${date}T${entry.at}:00`
  const end = new Date(Date.parse(`${start}Z`) + (entry.minutes ?? 30) * 60_000).toISOString().slice(0, 19)
  return { start: { dateTime: start, timeZone }, end: { dateTime: end, timeZone } }
}

/** One instance of the coming ones at another time of its day, and one that does not take place. */
function exceptions(
  calendar: Calendar,
  series: CalendarEvent,
  entry: Extract<DemoEvent, { every: string }>,
  house: House,
): CalendarEvent[] {
  const found: CalendarEvent[] = []
  const window = { from: house.now, to: house.now + 30 * 86_400_000 }
  const coming = [...occurrencesOf(series.id, series, window, calendar.zone, house)]
  const asEvent = (nth: number): CalendarEvent | undefined => {
    const instance = coming[nth]
    return (
      instance && {
        ...series,
        ...instance,
        rule: null,
        seriesId: series.id,
        original: instance.start,
        earlier: [],
      }
    )
  }
  const moved = entry.moved && asEvent(entry.moved.nth)
  if (entry.moved && moved && !moved.start.allDay) {
    const date = wallClock(moved.start.at, calendar.zone).slice(0, 10)
    const [hours = 0, minutes = 0] = entry.moved.to.split(':').map(Number)
    const at = calendar.zone.instant(date, hours * 60 + minutes).getTime()
    const zone = moved.start.zone
    const end = at + (entry.minutes ?? 30) * 60_000
    found.push({ ...moved, start: { allDay: false, at, zone }, end: { allDay: false, at: end, zone } })
  }
  const cancelled = entry.cancelled === undefined ? undefined : asEvent(entry.cancelled)
  if (cancelled) found.push({ ...cancelled, status: 'cancelled' })
  return found
}
