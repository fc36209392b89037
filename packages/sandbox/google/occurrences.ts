import { addDays, type Zone } from '../calendar.ts'
import type { CalendarEvent, House, Moment, Plan } from './account.ts'
import { instantOf, suffixOf, wallClock } from './moments.ts'
import { datesOf, isPast } from './recurrence.ts'

const dayMs = 86_400_000

/** An event matters to a window when it ends after `from` and begins before `to`. */
export type Window = { from: number; to: number }
export type Occurrence = { id: string; start: Moment; end: Moment }

export function isIn(window: Window, start: number, end: number): boolean {
  return start < window.to && (end > window.from || (end === start && start >= window.from))
}

export const lies = (plan: { start: Moment; end: Moment }, window: Window, home: Zone): boolean =>
  isIn(window, instantOf(plan.start, home), instantOf(plan.end, home))

/** The instances of a series in a window, at the same time on the wall before and after a clock change. */
export function* occurrencesOf(
  id: string,
  plan: Plan,
  window: Window,
  home: Zone,
  house: House,
): Generator<Occurrence> {
  const { rule, start, end } = plan
  if (!rule) return
  const zone = start.allDay ? home : (house.zones(start.zone) ?? home)
  const first = start.allDay ? `${start.date}T00:00:00` : wallClock(start.at, zone)
  const minute = (Date.parse(`${first}Z`) % dayMs) / 60_000
  const lasts = instantOf(end, home) - instantOf(start, home)
  const days = start.allDay && end.allDay ? (Date.parse(end.date) - Date.parse(start.date)) / dayMs : 0
  const dayOf = (at: number) => new Date(Math.min(Math.max(at, 0), 4e12)).toISOString().slice(0, 10)
  const near = addDays(dayOf(window.from), -Math.ceil(lasts / dayMs) - 2)
  let nth = 0
  for (const date of datesOf(rule, first.slice(0, 10), near, addDays(dayOf(window.to), 2))) {
    nth += 1
    if (rule.count !== null && nth > rule.count) return
    if (date < near) continue
    const at = zone.instant(date, minute).getTime()
    if (isPast(rule, date, at) || at >= window.to) return
    if (rule.without.has(start.allDay ? date : at)) continue
    const begins: Moment = start.allDay ? { allDay: true, date } : { ...start, at }
    const ends: Moment = start.allDay
      ? { allDay: true, date: addDays(date, days) }
      : { allDay: false, at: at + lasts, zone: end.allDay ? start.zone : end.zone }
    if (!lies({ start: begins, end: ends }, window, home)) continue
    yield { id: `${id}_${suffixOf(begins)}`, start: begins, end: ends }
  }
}

/** One instance of a series by its id, when the series has it. */
export function occurrenceOf(
  event: CalendarEvent,
  instanceId: string,
  home: Zone,
  house: House,
): Occurrence | undefined {
  const [, date, time] = /_(\d{8})(?:T(\d{6})Z)?$/.exec(instanceId) ?? []
  if (!date) return undefined
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${(time ?? '000000').replace(/(..)(..)(..)/, '$1:$2:$3')}Z`
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return undefined
  const around = { from: at - dayMs, to: at + 2 * dayMs }
  for (const found of occurrencesOf(event.id, event, around, home, house)) {
    if (found.id === instanceId) return found
  }
  return undefined
}
