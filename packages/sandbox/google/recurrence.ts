import { addDays, addMonths, type CivilDate, isCivilDate, weekdayOf, type Zones } from '../calendar.ts'
import { badRequest } from './errors.ts'

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']
const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const
const known = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTHDAY', 'WKST']

/** Enough for a daily series of half a century; a rule never runs on without end. */
const maxPeriods = 20_000

export type Rule = {
  /** As it was given, and as it is shown. */
  lines: string[]
  freq: (typeof frequencies)[number]
  interval: number
  count: number | null
  /** The last day, or the last instant. */
  until: { date: CivilDate } | { at: number } | null
  byDay: Array<{ nth: number; day: number }>
  byMonthDay: number[]
  weekStart: number
  /** Days and instants that are left out. */
  without: Set<CivilDate | number>
}

const wrong = (line: string): Error => badRequest(`Invalid recurrence rule: ${line}`)
const dashed = (compact: string): string => compact.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3')

function whenFrom(text: string, line: string, zoneName: string, zones: Zones): CivilDate | number {
  const [, day = '', hours, minutes, seconds, utc] =
    /^(\d{8})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(text) ?? []
  const date = dashed(day)
  if (!isCivilDate(date)) throw wrong(line)
  if (hours === undefined) return date
  const minute = Number(hours) * 60 + Number(minutes) + Number(seconds) / 60
  const zone = zones(utc ? 'UTC' : zoneName)
  if (!zone) throw wrong(line)
  return zone.instant(date, minute).getTime()
}

/** RRULE and EXDATE as Google's `recurrence` holds them; RDATE and rarer parts are refused, never misread. */
export function ruleFrom(lines: string[], zoneName: string, zones: Zones): Rule | null {
  if (lines.length === 0) return null
  const rules = lines.filter(line => line.startsWith('RRULE:'))
  const [first] = rules
  if (!first || rules.length > 1) throw badRequest('The sandbox takes exactly one RRULE line.')
  const rule = { ...ruleOf(first, zoneName, zones), lines }
  for (const line of lines) {
    if (line === first) continue
    const [, zone, list = ''] = /^EXDATE(?:;VALUE=DATE(?:-TIME)?)?(?:;TZID=([^:;]+))?:(.+)$/.exec(line) ?? []
    if (list === '') throw badRequest(`The sandbox does not know this recurrence line: ${line}`)
    for (const text of list.split(',')) rule.without.add(whenFrom(text, line, zone ?? zoneName, zones))
  }
  return rule
}

function ruleOf(line: string, zoneName: string, zones: Zones): Rule {
  const parts = new Map(
    line
      .slice('RRULE:'.length)
      .split(';')
      .map(part => part.split('=', 2))
      .map(([name = '', value = '']) => [name.toUpperCase(), value.toUpperCase()]),
  )
  const stranger = [...parts.keys()].find(name => !known.includes(name))
  if (stranger !== undefined) throw badRequest(`The sandbox does not know ${stranger} in a recurrence rule.`)
  const freq = frequencies.find(name => name === parts.get('FREQ'))
  const whole = (name: string): number | null => {
    const text = parts.get(name)
    if (text === undefined) return null
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1 || value > 10_000) throw wrong(line)
    return value
  }
  const until = parts.get('UNTIL')
  const last = until === undefined ? null : whenFrom(until, line, zoneName, zones)
  const byDay = (parts.get('BYDAY')?.split(',') ?? []).map(text => {
    const [, nth, name = ''] = /^([+-]?[1-5])?([A-Z]{2})$/.exec(text) ?? []
    const day = weekdays.indexOf(name)
    if (day < 0 || (nth !== undefined && freq !== 'MONTHLY')) throw wrong(line)
    return { nth: Number(nth ?? 0), day }
  })
  const byMonthDay = (parts.get('BYMONTHDAY')?.split(',') ?? []).map(Number)
  if (byMonthDay.some(day => !Number.isInteger(day) || day === 0 || Math.abs(day) > 31)) throw wrong(line)
  const weekStart = weekdays.indexOf(parts.get('WKST') ?? 'MO')
  if (!freq || weekStart < 0 || (freq === 'YEARLY' && byDay.length + byMonthDay.length > 0)) throw wrong(line)
  return {
    lines: [line],
    freq,
    interval: whole('INTERVAL') ?? 1,
    count: whole('COUNT'),
    until: last === null ? null : typeof last === 'number' ? { at: last } : { date: last },
    byDay,
    byMonthDay,
    weekStart,
    without: new Set(),
  }
}

function monthDates(rule: Rule, month: string, start: CivilDate): CivilDate[] {
  const first = `${month}-01`
  const days: CivilDate[] = []
  for (let date = first; date.startsWith(month); date = addDays(date, 1)) days.push(date)
  if (rule.byDay.length > 0) {
    return days.filter((date, index) =>
      rule.byDay.some(({ nth, day }) => {
        if (weekdayOf(date) !== day) return false
        const [fromStart, fromEnd] = [
          Math.floor(index / 7) + 1,
          Math.floor((days.length - 1 - index) / 7) + 1,
        ]
        return nth === 0 || nth === fromStart || -nth === fromEnd
      }),
    )
  }
  const wanted = rule.byMonthDay.length > 0 ? rule.byMonthDay : [Number(start.slice(8))]
  return days.filter((_, index) => wanted.includes(index + 1) || wanted.includes(index - days.length))
}

function periodDates(rule: Rule, start: CivilDate, period: number): CivilDate[] {
  const steps = period * rule.interval
  const isNamed = (date: CivilDate) => rule.byDay.some(({ day }) => day === weekdayOf(date))
  if (rule.freq === 'DAILY') {
    const date = addDays(start, steps)
    const kept =
      (rule.byDay.length === 0 || isNamed(date)) &&
      (rule.byMonthDay.length === 0 || rule.byMonthDay.includes(Number(date.slice(8))))
    return kept ? [date] : []
  }
  if (rule.freq === 'WEEKLY') {
    const weekFirst = addDays(start, -((weekdayOf(start) - rule.weekStart + 7) % 7) + 7 * steps)
    const week = [0, 1, 2, 3, 4, 5, 6].map(day => addDays(weekFirst, day))
    return rule.byDay.length > 0
      ? week.filter(isNamed)
      : week.filter(date => weekdayOf(date) === weekdayOf(start))
  }
  if (rule.freq === 'MONTHLY') {
    return monthDates(rule, addMonths(`${start.slice(0, 7)}-01`, steps).slice(0, 7), start)
  }
  const date = `${Number(start.slice(0, 4)) + steps}${start.slice(4)}`
  return isCivilDate(date) ? [date] : []
}

/** No day of this period, or of a later one, is before this. */
function earliestOf(rule: Rule, start: CivilDate, period: number): CivilDate {
  const steps = period * rule.interval
  if (rule.freq === 'DAILY') return addDays(start, steps)
  if (rule.freq === 'WEEKLY') return addDays(start, 7 * steps - 6)
  if (rule.freq === 'MONTHLY') return addMonths(`${start.slice(0, 7)}-01`, steps)
  return `${Number(start.slice(0, 4)) + steps}-01-01`
}

/** How many periods end before `from` for certain; a counted rule is counted from its first day. */
function periodsBefore(rule: Rule, start: CivilDate, from: CivilDate): number {
  if (rule.count !== null) return 0
  const longest = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[rule.freq] * rule.interval
  return Math.max(0, Math.floor((Date.parse(from) - Date.parse(start)) / 86_400_000 / longest) - 1)
}

/**
 * The days of a rule in order, from about `from` (a counted one: from its first) up to `last`. Who asks minds COUNT,
 * UNTIL and what is left out.
 */
export function* datesOf(
  rule: Rule,
  start: CivilDate,
  from: CivilDate,
  last: CivilDate,
): Generator<CivilDate> {
  const first = periodsBefore(rule, start, from)
  for (let period = first; period < first + maxPeriods; period += 1) {
    if (earliestOf(rule, start, period) > last) return
    for (const date of periodDates(rule, start, period)) {
      if (date > last) return
      if (date >= start) yield date
    }
  }
}

export function isPast(rule: Rule, date: CivilDate, at: number): boolean {
  if (rule.until === null) return false
  return 'at' in rule.until ? at > rule.until.at : date > rule.until.date
}
