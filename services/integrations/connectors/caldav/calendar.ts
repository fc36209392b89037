// iCalendar text as jCal (RFC 7265), read and written by ical.js. Only its reading and writing are used: its times
// turn the 45th of a month into a day of the next, and its repetitions can run for ever.
import ICAL from 'ical.js'

/** Name, parameters, type, values. */
export type Property = [string, Record<string, string | string[]>, string, ...unknown[]]
/** Name, properties, components within. */
export type Component = [string, Property[], Component[]]

const longest = 512 * 1024
const deepest = 8

/** Undefined for what is no calendar. */
export function readCalendar(text: string): Component | undefined {
  if (text.length > longest) return undefined
  try {
    const read: unknown = ICAL.parse(text)
    return isComponent(read, 0) && read[0] === 'vcalendar' ? read : undefined
  } catch {
    return undefined
  }
}

/** Lines end as the format says, whatever the server made of them. */
export const writeCalendar = (calendar: Component): string =>
  `${ICAL.stringify(calendar).replace(/\r?\n/g, '\r\n').trimEnd()}\r\n`

function isComponent(read: unknown, depth: number): read is Component {
  if (!Array.isArray(read) || depth > deepest) return false
  const [name, properties, components]: unknown[] = read
  return (
    typeof name === 'string' &&
    Array.isArray(properties) &&
    properties.every(isProperty) &&
    Array.isArray(components) &&
    components.every(within => isComponent(within, depth + 1))
  )
}

function isProperty(read: unknown): read is Property {
  if (!Array.isArray(read)) return false
  const [name, parameters, type]: unknown[] = read
  return (
    typeof name === 'string' &&
    typeof parameters === 'object' &&
    parameters !== null &&
    typeof type === 'string'
  )
}

/** The task itself, not one of the occurrences of it that were changed alone. */
export const todoOf = (calendar: Component): Component | undefined => {
  const todos = calendar[2].filter(([name]) => name === 'vtodo')
  return todos.find(todo => !propertyOf(todo, 'recurrence-id')) ?? todos[0]
}

export const propertiesOf = ([, properties]: Component, name: string): Property[] =>
  properties.filter(property => property[0] === name)

export const propertyOf = ([, properties]: Component, name: string): Property | undefined =>
  properties.find(property => property[0] === name)

export function textOf(component: Component, name: string): string | null {
  const value = propertyOf(component, name)?.[3]
  return typeof value === 'string' && value !== '' ? value : null
}

export function numberOf(component: Component, name: string): number | null {
  const value = Number(propertyOf(component, name)?.[3] ?? Number.NaN)
  return Number.isInteger(value) ? value : null
}

export const parameterOf = (property: Property, name: string): string | null => {
  const value = property[1][name]
  return typeof value === 'string' ? value : null
}

/** In place of all there are of that name. */
export function put(component: Component, property: Property): void {
  drop(component, property[0])
  component[1].push(property)
}

export function drop(component: Component, name: string): void {
  component[1] = component[1].filter(property => property[0] !== name)
}

/** What a clock on the wall shows, and whose clock it is. */
export interface Wall {
  day: string
  /** HH:mm:ss; null: the whole day. */
  time: string | null
  isUtc: boolean
  zone: string | null
}

const wallTime = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(Z)?|T::)?$/

/** Undefined for days and times that no calendar has. */
export function wallOf(property: Property | undefined, nth = 0): Wall | undefined {
  const value = property?.[3 + nth]
  const [, day, time, utc] = typeof value === 'string' ? (wallTime.exec(value) ?? []) : []
  if (!property || day === undefined) return undefined
  const at = new Date(`${day}T${time ?? '00:00:00'}Z`)
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(day)) return undefined
  return { day, time: time ?? null, isUtc: utc !== undefined, zone: parameterOf(property, 'tzid') }
}

/** `PT1H30M` in minutes; null for what is no length, or none at all. */
export function minutesOf(duration: string | null, minutesPerDay: number): number | null {
  const match =
    /^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/.exec(
      duration ?? '',
    )
  if (!match) return null
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map(part => Number(part ?? 0))
  const all = (weeks * 7 + days) * minutesPerDay + hours * 60 + minutes + Math.round(seconds / 60)
  return all > 0 ? all : null
}
