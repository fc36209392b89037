import { addDays, addMonths, type CivilDate, isCivilDate, weekdayOf } from '../calendar.ts'
import { type Fields, textOf } from '../read.ts'
import type { Due } from './account.ts'

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const maxSteps = 1_000
const units = { day: 1, week: 7 }

/** `step` goes that many occurrences on from a date; counted from one date, the 31st stays the 31st where it exists. */
type Rule = { step: (date: CivilDate, times: number) => CivilDate; starts: (date: CivilDate) => boolean }

const numberOf = (word: string): number => {
  const found = weekdays.findIndex(name => word.length >= 3 && name.startsWith(word))
  return found
}

/** Understands "every day|weekday|3 days|week|month|year|monday, thursday"; undefined for anything else. */
function ruleOf(words: string): Rule | undefined {
  const every = /^every!? (.+)$/.exec(words)?.[1]
  if (!every) return undefined
  const count = /^(?:(\d{1,3}|other) )?(day|week|month|year)s?$/.exec(every)
  if (count) {
    const n = count[1] === 'other' ? 2 : Math.max(1, Number(count[1] ?? 1))
    const unit = count[2]
    const step = (date: CivilDate, times: number) =>
      unit === 'day' || unit === 'week'
        ? addDays(date, n * times * units[unit])
        : addMonths(date, (unit === 'month' ? n : 12 * n) * times)
    return { step, starts: () => true }
  }
  const named = /^(weekday|workday)s?$/.test(every)
    ? [1, 2, 3, 4, 5]
    : every.split(/,\s*|\s+and\s+/).map(word => numberOf(word.trim()))
  if (named.includes(-1)) return undefined
  const starts = (date: CivilDate) => named.includes(weekdayOf(date))
  const step = (date: CivilDate, times: number) => {
    let [day, left] = [date, times]
    for (let days = 0; left > 0 && days < 7 * times; days += 1) {
      day = addDays(day, 1)
      if (starts(day)) left -= 1
    }
    return day
  }
  return { step, starts }
}

function splitTime(text: string): { words: string; time: string | undefined } {
  const match = /^(.*?)\s*(?:\bat\s+)?(\d{1,2}):(\d{2})$/.exec(text)
  const hours = Number(match?.[2])
  if (!match || hours > 23 || Number(match[3]) > 59) return { words: text, time: undefined }
  return { words: (match[1] ?? '').trim(), time: `${String(hours).padStart(2, '0')}:${match[3]}:00` }
}

function dayOf(words: string, today: CivilDate): CivilDate | undefined {
  if (words === 'today' || words === '') return today
  if (words === 'tomorrow') return addDays(today, 1)
  if (words === 'yesterday') return addDays(today, -1)
  const inDays = /^in (\d{1,3}) days?$/.exec(words)
  if (inDays) return addDays(today, Number(inDays[1]))
  const weekday = numberOf(words.replace(/^next /, ''))
  if (weekday >= 0) return addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1)
  return isCivilDate(words) ? words : undefined
}

/** A due date from Todoist's own words; null clears it, undefined means the words are not understood. */
export function dueFromWords(text: string, today: CivilDate, from?: CivilDate): Due | null | undefined {
  const string = text.trim()
  const lower = string.toLowerCase()
  if (lower === '' || lower === 'no date' || lower === 'no due date') return null
  const { words, time } = splitTime(lower)
  const rule = ruleOf(words)
  const start = from ?? today
  const date = rule ? (rule.starts(start) ? start : rule.step(start, 1)) : dayOf(words, today)
  if (!date) return undefined
  return {
    date: time ? `${date}T${time}` : date,
    timezone: null,
    string,
    lang: 'en',
    is_recurring: Boolean(rule),
  }
}

/** From a request's due_string, due_date or due_datetime; `unchanged` when it names none. */
export function dueFromFields(fields: Fields, today: CivilDate): Due | null | undefined | 'unchanged' {
  const at = textOf(fields.due_datetime)
  const date = textOf(fields.due_date)
  if (at !== undefined) {
    const parsed = new Date(at)
    if (Number.isNaN(parsed.getTime())) return undefined
    const fixed = `${parsed.toISOString().slice(0, 19)}Z`
    return { date: fixed, timezone: 'UTC', string: fixed, lang: 'en', is_recurring: false }
  }
  if (date !== undefined) {
    if (!isCivilDate(date)) return undefined
    return { date, timezone: null, string: date, lang: 'en', is_recurring: false }
  }
  const words = textOf(fields.due_string)
  return words === undefined ? 'unchanged' : dueFromWords(words, today)
}

/** Where a recurring task goes when this occurrence is done: always after today, as Todoist does. */
export function nextDue(due: Due, today: CivilDate): Due {
  const { words } = splitTime(due.string.toLowerCase())
  const rule = ruleOf(words)
  if (!rule) return due
  const clock = due.date.slice(10)
  const start = due.date.slice(0, 10)
  let date = rule.step(start, 1)
  for (let times = 2; date <= today && times <= maxSteps; times += 1) date = rule.step(start, times)
  return { ...due, date: `${date}${clock}` }
}
