import { isCivilDate, type Zone, type Zones } from '../calendar.ts'
import { type Fields, fieldsOf, textOf } from '../read.ts'
import type { Moment } from './account.ts'
import { invalid } from './errors.ts'

const hasOffset = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/
const local = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2}))?$/

/** RFC 3339 with its offset, as Google demands of timeMin and timeMax. */
export function instantFrom(text: string): number | undefined {
  const at = hasOffset.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at - (at % 1_000)
}

/** What the clock of this zone shows: `2026-11-22T09:00:00`. */
export const wallClock = (at: number, zone: Zone): string =>
  new Date(at + zone.offsetMinutes(new Date(at)) * 60_000).toISOString().slice(0, 19)

export function rfc3339(at: number, zone: Zone): string {
  const offset = zone.offsetMinutes(new Date(at))
  if (offset === 0) return `${wallClock(at, zone)}Z`
  const two = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(offset)
  return `${wallClock(at, zone)}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** A day begins where its calendar lives. */
export const instantOf = (moment: Moment, home: Zone): number =>
  moment.allDay ? home.instant(moment.date, 0).getTime() : moment.at

/** `start` and `end` as Google takes them: `{date}`, or `{dateTime, timeZone}` with an offset or without. */
export function momentFrom(value: unknown, name: string, home: Zone, zones: Zones): Moment {
  const fields: Fields =
    typeof value === 'string' ? { [value.length > 10 ? 'dateTime' : 'date']: value } : fieldsOf(value)
  const date = textOf(fields.date)
  if (date !== undefined) {
    if (!isCivilDate(date)) throw invalid(name, `Invalid value for: Invalid format: "${date}"`)
    return { allDay: true, date }
  }
  const text = textOf(fields.dateTime) ?? ''
  const zone = fields.timeZone === undefined ? home : zones(textOf(fields.timeZone) ?? '')
  if (!zone) throw invalid(name, 'Invalid time zone definition for start time.')
  const fixed = instantFrom(text)
  if (fixed !== undefined) return { allDay: false, at: fixed, zone: zone.name }
  const [, day = '', hours, minutes, seconds] = local.exec(text) ?? []
  if (!isCivilDate(day)) throw invalid(name, `Invalid value for: Invalid format: "${text}"`)
  const minute = Number(hours) * 60 + Number(minutes) + Number(seconds ?? 0) / 60
  return { allDay: false, at: zone.instant(day, minute).getTime(), zone: zone.name }
}

export function momentJson(moment: Moment, shown: Zone): Fields {
  if (moment.allDay) return { date: moment.date }
  return { dateTime: rfc3339(moment.at, shown), timeZone: moment.zone }
}

/** How an instance of a series is called after its series' id. */
export function suffixOf(moment: Moment): string {
  if (moment.allDay) return moment.date.replaceAll('-', '')
  return `${new Date(moment.at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}
