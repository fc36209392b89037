import type { Zone } from '../calendar.ts'
import type { Calendar, CalendarEvent, House } from './account.ts'
import { instantOf } from './moments.ts'
import { lies, occurrencesOf, type Window } from './occurrences.ts'

/** One line of an answer: which event, where it stands in the order, and how it is told. */
export type Row = { id: string; at: number; updated: number; event: CalendarEvent }

export type Wanted = {
  window: Window
  singleEvents: boolean
  showDeleted: boolean
  keep: (event: CalendarEvent) => boolean
}

/** A series told as its instances needs an end; Google has one too and does not say where. */
const horizonMs = 2 * 366 * 86_400_000

const rowOf = (event: CalendarEvent, home: Zone): Row => ({
  id: event.id,
  at: instantOf(event.start, home),
  updated: event.updated,
  event,
})

const boundedOf = (window: Window, now: number): Window => ({
  from: window.from,
  to: Math.min(window.to, Math.max(now, Number.isFinite(window.from) ? window.from : 0) + horizonMs),
})

/** The instances of a series that are no events of their own. */
function instancesOf(
  calendar: Calendar,
  series: CalendarEvent,
  window: Window,
  house: House,
): CalendarEvent[] {
  const found: CalendarEvent[] = []
  for (const instance of occurrencesOf(series.id, series, window, calendar.zone, house)) {
    if (calendar.events.has(instance.id)) continue
    found.push({ ...series, ...instance, rule: null, seriesId: series.id, original: instance.start })
  }
  return found
}

/** Instances that were there under an earlier plan of the series and are not any more, as cancelled. */
function vanishedOf(
  calendar: Calendar,
  series: CalendarEvent,
  since: number,
  window: Window,
  house: House,
): CalendarEvent[] {
  const present = new Set<string>()
  const gone = new Map<string, CalendarEvent>()
  for (const { id } of occurrencesOf(series.id, series, window, calendar.zone, house)) present.add(id)
  for (const { plan, until } of series.earlier) {
    if (until <= since) continue
    for (const instance of occurrencesOf(series.id, plan, window, calendar.zone, house)) {
      if (present.has(instance.id) || calendar.events.has(instance.id)) continue
      const event = { ...series, ...instance, rule: null, seriesId: series.id, original: instance.start }
      gone.set(instance.id, { ...event, status: 'cancelled' })
    }
  }
  return [...gone.values()]
}

/** Everything in a calendar that a full list tells. */
export function allRows(calendar: Calendar, wanted: Wanted, house: House): Row[] {
  const found: CalendarEvent[] = []
  const window = wanted.singleEvents ? boundedOf(wanted.window, house.now) : wanted.window
  for (const event of calendar.events.values()) {
    const gone = event.status === 'cancelled'
    const ofLiving = event.seriesId !== null && calendar.events.get(event.seriesId)?.status !== 'cancelled'
    if (gone && !wanted.showDeleted && !(ofLiving && !wanted.singleEvents)) continue
    if (!event.rule) {
      if (lies(event, window, calendar.zone)) found.push(event)
    } else if (wanted.singleEvents) {
      found.push(...instancesOf(calendar, event, window, house))
    } else if (!occurrencesOf(event.id, event, window, calendar.zone, house).next().done) {
      found.push(event)
    }
  }
  return found.filter(wanted.keep).map(event => rowOf(event, calendar.zone))
}

/** What changed since a version, deleted ones always among it. A single event that left the window is told too. */
export function changedRows(calendar: Calendar, wanted: Wanted, since: number, house: House): Row[] {
  const found: CalendarEvent[] = []
  const window = boundedOf(wanted.window, house.now)
  for (const event of calendar.events.values()) {
    if (event.version <= since) continue
    if (!event.rule || !wanted.singleEvents) found.push(event)
    else {
      found.push(...instancesOf(calendar, event, window, house))
      found.push(...vanishedOf(calendar, event, since, window, house))
    }
  }
  return found.filter(wanted.keep).map(event => rowOf(event, calendar.zone))
}
