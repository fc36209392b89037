// Completing and reopening, as changes to the calendar a task is kept in. What oO does not know it leaves as it is.
import { ConnectorTrouble } from '../connector.ts'
import {
  type Component,
  drop,
  numberOf,
  type Property,
  propertiesOf,
  propertyOf,
  put,
  type Wall,
  wallOf,
} from './calendar.ts'
import { statusOf } from './openTask.ts'
import { dayNumber, dayOf, nextDay, type Rule, readRule } from './recurrence.ts'

/** What was done already, kept with the task: an act that is tried again finds itself there, whoever tries. */
const actProperty = 'x-oo-act'
const mostActs = 8

export interface Doing {
  actId: string
  at: Date
}

/** False where nothing is to be done: the act was done before, or the task is not open. */
export function complete(todo: Component, doing: Doing): boolean {
  if (wasDone(todo, doing) || statusOf(todo) !== 'open') return false
  if (!moveOn(todo)) {
    put(todo, ['status', {}, 'text', 'COMPLETED'])
    put(todo, ['completed', {}, 'date-time', utc(doing.at)])
    put(todo, ['percent-complete', {}, 'integer', 100])
  }
  stamp(todo, doing)
  return true
}

/** A recurring task that moved on stays at its next date. */
export function reopen(todo: Component, doing: Doing): boolean {
  if (wasDone(todo, doing) || statusOf(todo) === 'open') return false
  put(todo, ['status', {}, 'text', 'NEEDS-ACTION'])
  drop(todo, 'completed')
  drop(todo, 'percent-complete')
  stamp(todo, doing)
  return true
}

const actsOf = (todo: Component): Property[] => propertiesOf(todo, actProperty)

const wasDone = (todo: Component, { actId }: Doing): boolean => actsOf(todo).some(act => act[3] === actId)

function stamp(todo: Component, { actId, at }: Doing): void {
  const acts = [...actsOf(todo).slice(1 - mostActs)]
  drop(todo, actProperty)
  // One property each: servers have been seen to keep only the first of several values.
  todo[1].push(...acts, [actProperty, {}, 'unknown', actId])
  put(todo, ['last-modified', {}, 'date-time', utc(at)])
  put(todo, ['dtstamp', {}, 'date-time', utc(at)])
  const sequence = numberOf(todo, 'sequence')
  if (sequence !== null) put(todo, ['sequence', {}, 'integer', sequence + 1])
}

const utc = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`

/**
 * A recurring task goes on to its next occurrence, start and due date alike, one of its count is used up, and it is open.
 * False when it does not recur, or this was the last time.
 */
function moveOn(todo: Component): boolean {
  const rrule = propertyOf(todo, 'rrule')
  if (!rrule) return false
  const rule = readRule(rrule[3])
  const began = wallOf(propertyOf(todo, 'dtstart')) ?? wallOf(propertyOf(todo, 'due'))
  // Completing the whole of it would end what should go on.
  if (!rule || !began) throw new ConnectorTrouble('garbage', 'a repetition that oO does not know')
  const next = occurrenceAfter(todo, rule, began)
  if (!next) return false
  const days = next.day - dayNumber(began.day)
  for (const name of ['dtstart', 'due']) moveBy(todo, name, days)
  if (rule.count !== null)
    put(todo, ['rrule', rrule[1], rrule[2], { ...recordOf(rrule[3]), count: rule.count - next.passed }])
  put(todo, ['status', {}, 'text', 'NEEDS-ACTION'])
  drop(todo, 'completed')
  drop(todo, 'percent-complete')
  return true
}

const mostSkipped = 1_000

function occurrenceAfter(
  todo: Component,
  rule: Rule,
  began: Wall,
): { day: number; passed: number } | undefined {
  const base = dayNumber(began.day)
  const left = exceptionsOf(todo)
  let day = base
  for (let passed = 1; passed <= mostSkipped; passed += 1) {
    const next = nextDay(rule, { base, after: day })
    if (next === undefined || isOver(rule, began, { day: next, passed })) return undefined
    if (!left.has(dayOf(next))) return { day: next, passed }
    day = next
  }
  return undefined
}

/** UNTIL is a day, or a time in UTC; within a day of its end a zone could decide, and the day does here. */
const isOver = (
  { until, count }: Rule,
  began: Wall,
  { day, passed }: { day: number; passed: number },
): boolean => {
  if (count !== null) return passed >= count
  if (until === null) return false
  const at =
    until.length > 10 && began.time !== null && began.isUtc ? `${dayOf(day)}T${began.time}Z` : dayOf(day)
  return at > until.slice(0, at.length)
}

const exceptionsOf = (todo: Component): ReadonlySet<string> =>
  new Set(
    propertiesOf(todo, 'exdate').flatMap(property =>
      property.slice(3).flatMap((_, nth) => wallOf(property, nth)?.day ?? []),
    ),
  )

/** The time of day stays, and so do zone and kind. */
function moveBy(todo: Component, name: string, days: number): void {
  const property = propertyOf(todo, name)
  const wall = wallOf(property)
  if (!property || !wall || typeof property[3] !== 'string') return
  property[3] = `${dayOf(dayNumber(wall.day) + days)}${property[3].slice(10)}`
}

const recordOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})
