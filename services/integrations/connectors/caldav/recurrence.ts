// Which days a repetition (RFC 5545, RRULE) falls on: every rule that speaks of days. One that speaks of hours, minutes
// or seconds is not computed here. The search looks at one day after another and is bounded.
export interface Rule {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  interval: number
  months: number[]
  monthDays: number[]
  yearDays: number[]
  weeks: number[]
  /** `nth` 0: every one of them. */
  weekdays: { nth: number; weekday: number }[]
  positions: number[]
  /** Sunday is 0. */
  weekStart: number
  until: string | null
  count: number | null
}

const dayMs = 86_400_000
const farthestDays = 40 * 366
const names = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs
export const dayOf = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10)

/** Of jCal's object; undefined for a rule that is not computed here. */
export function readRule(value: unknown): Rule | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const part = (name: string): unknown => Reflect.get(value, name)
  const frequency = frequencies.find(known => known === part('freq'))
  if (!frequency || ['byhour', 'byminute', 'bysecond'].some(name => part(name) !== undefined))
    return undefined
  const weekdays = listOf(part('byday')).map(weekdayOf)
  const count = part('count')
  const until = part('until')
  return {
    frequency,
    interval: Math.max(1, Number(part('interval') ?? 1) || 1),
    months: numbersOf(part('bymonth')),
    monthDays: numbersOf(part('bymonthday')),
    yearDays: numbersOf(part('byyearday')),
    weeks: numbersOf(part('byweekno')),
    weekdays: weekdays.flatMap(weekday => weekday ?? []),
    positions: numbersOf(part('bysetpos')),
    weekStart: Math.max(0, Number(part('wkst') ?? 2) - 1) % 7,
    until: typeof until === 'string' ? until : null,
    count: typeof count === 'number' ? count : null,
  }
}

const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const
const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value.slice(0, 400) : [value]
const numbersOf = (value: unknown): number[] => listOf(value).map(Number).filter(Number.isInteger)

function weekdayOf(value: unknown): Rule['weekdays'][number] | undefined {
  const [, nth = '', name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(String(value)) ?? []
  const weekday = names.indexOf(name)
  return weekday < 0 ? undefined : { nth: Number(nth || 0), weekday }
}

/** The first day after `after` on which the rule falls, counted from the day it began; undefined: none in 40 years. */
export function nextDay(rule: Rule, { base, after }: { base: number; after: number }): number | undefined {
  const falls = openRule(rule, base)
  const last = after + farthestDays
  for (let day = after + 1; day <= last; day += 1) if (falls(day)) return day
  return undefined
}

/** The last day until `until` on which it fell; undefined: none in the two years before. */
export function lastDay(rule: Rule, { base, until }: { base: number; until: number }): number | undefined {
  const falls = openRule(rule, base)
  for (let day = until; day >= Math.max(base, until - 2 * 366); day -= 1) if (falls(day)) return day
  return undefined
}

function openRule(rule: Rule, base: number): (day: number) => boolean {
  const fits = openFit(rule, partsOf(base))
  if (rule.positions.length === 0) return day => isInTurn(rule, base, day) && fits(partsOf(day))
  let known = Number.NaN
  let days: number[] = []
  return day => {
    if (!isInTurn(rule, base, day) || !fits(partsOf(day))) return false
    const [first, last] = periodOf(rule, day)
    if (first !== known) {
      known = first
      days = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter(one => fits(partsOf(one)))
    }
    const at = days.indexOf(day)
    return rule.positions.some(position => (position > 0 ? position - 1 : days.length + position) === at)
  }
}

interface Parts {
  day: number
  year: number
  month: number
  date: number
  weekday: number
  monthLength: number
  yearDay: number
  yearLength: number
}

const firstOf = (year: number, month: number): number => {
  const at = new Date(0)
  at.setUTCFullYear(year, month, 1)
  return at.getTime() / dayMs
}

function partsOf(day: number): Parts {
  const at = new Date(day * dayMs)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  return {
    day,
    year,
    month: month + 1,
    date: at.getUTCDate(),
    weekday: at.getUTCDay(),
    monthLength: firstOf(year, month + 1) - firstOf(year, month),
    yearDay: day - firstOf(year, 0) + 1,
    yearLength: firstOf(year + 1, 0) - firstOf(year, 0),
  }
}

const weekOf = (day: number, weekStart: number): number => Math.floor((day + 4 - weekStart) / 7)

/** Every second week means every second one from the week it began in. */
function isInTurn({ frequency, interval, weekStart, months }: Rule, base: number, day: number): boolean {
  const [from, to] = [new Date(base * dayMs), new Date(day * dayMs)]
  // Most rules are of one month: the other days are not worth a closer look.
  if (day < base || (months.length > 0 && !months.includes(to.getUTCMonth() + 1))) return false
  const years = to.getUTCFullYear() - from.getUTCFullYear()
  const passed = {
    DAILY: () => day - base,
    WEEKLY: () => weekOf(day, weekStart) - weekOf(base, weekStart),
    MONTHLY: () => years * 12 + to.getUTCMonth() - from.getUTCMonth(),
    YEARLY: () => years,
  }[frequency]()
  return passed % interval === 0
}

/** The days among which a position is counted. */
function periodOf({ frequency, weekStart }: Rule, day: number): [number, number] {
  const { year, month } = partsOf(day)
  if (frequency === 'DAILY') return [day, day]
  if (frequency === 'MONTHLY') return [firstOf(year, month - 1), firstOf(year, month) - 1]
  if (frequency === 'YEARLY') return [firstOf(year, 0), firstOf(year + 1, 0) - 1]
  const first = weekOf(day, weekStart) * 7 - 4 + weekStart
  return [first, first + 6]
}

/** The parts a rule leaves out are those of the day it began on. */
function openFit(rule: Rule, base: Parts): (parts: Parts) => boolean {
  const { frequency, months, monthDays, yearDays, weeks, weekdays } = rule
  const named = monthDays.length + yearDays.length + weekdays.length > 0
  const isOpenYear = frequency === 'YEARLY' && !named
  const inMonths = months.length > 0 ? months : isOpenYear && weeks.length === 0 ? [base.month] : []
  const onDates =
    monthDays.length > 0
      ? monthDays
      : !named && (frequency === 'MONTHLY' || (isOpenYear && weeks.length === 0))
        ? [base.date]
        : []
  const isOpenWeek = !named && (frequency === 'WEEKLY' || (isOpenYear && weeks.length > 0))
  const onWeekdays = isOpenWeek ? [{ nth: 0, weekday: base.weekday }] : weekdays
  const inYear = frequency === 'YEARLY' && months.length === 0
  return parts =>
    (inMonths.length === 0 || inMonths.includes(parts.month)) &&
    isAmong(onDates, parts.date, parts.monthLength) &&
    isAmong(yearDays, parts.yearDay, parts.yearLength) &&
    isInWeek(weeks, parts, rule.weekStart) &&
    (onWeekdays.length === 0 || onWeekdays.some(one => isWeekday(one, parts, inYear)))
}

/** Negative ones count from the end. */
const isAmong = (wanted: number[], at: number, length: number): boolean =>
  wanted.length === 0 || wanted.includes(at) || wanted.includes(at - length - 1)

function isWeekday({ nth, weekday }: Rule['weekdays'][number], parts: Parts, inYear: boolean): boolean {
  if (parts.weekday !== weekday) return false
  if (nth === 0) return true
  const [at, length] = inYear ? [parts.yearDay, parts.yearLength] : [parts.date, parts.monthLength]
  return nth === Math.ceil(at / 7) || nth === -Math.ceil((length - at + 1) / 7)
}

/** Week 1 is the first with four days in the year. */
function isInWeek(weeks: number[], { day, year }: Parts, weekStart: number): boolean {
  if (weeks.length === 0) return true
  const weekOne = (of: number) => weekOf(firstOf(of, 0) + 3, weekStart)
  const week = weekOf(day, weekStart)
  const of = week < weekOne(year) ? year - 1 : week >= weekOne(year + 1) ? year + 1 : year
  return isAmong(weeks, week - weekOne(of) + 1, weekOne(of + 1) - weekOne(of))
}
