import type { Zone } from '../calendar.ts'
import { type Fields, fieldsOf, listOf, textOf, textsOf } from '../read.ts'
import {
  type Attendee,
  type Calendar,
  type CalendarEvent,
  eventIdFor,
  eventTypes,
  type House,
  type Plan,
  responses,
} from './account.ts'
import { badRequest, deletedAlready, invalid, notFound } from './errors.ts'
import { instantOf, momentFrom } from './moments.ts'
import { occurrenceOf } from './occurrences.ts'
import { ruleFrom } from './recurrence.ts'

const maxEvents = 5_000
const maxPlans = 20

/** What the verbs act in; `told` hears of each change once. */
export type CalendarWorld = House & { email: string; calendar: Calendar; told: () => void }

function touch(world: CalendarWorld, ...events: CalendarEvent[]): void {
  world.calendar.version += 1
  for (const event of events) {
    event.version = world.calendar.version
    event.updated = world.now
    world.calendar.events.set(event.id, event)
  }
  world.told()
}

function planFrom(world: House & { calendar: { zone: Zone } }, fields: Fields, rules: string[]): Plan {
  const home = world.calendar.zone
  const start = momentFrom(fields.start, 'start', home, world.zones)
  const end = momentFrom(fields.end, 'end', home, world.zones)
  if (start.allDay !== end.allDay)
    throw invalid('end', 'Start and end times must either both be date or both be dateTime.')
  if (instantOf(end, home) < instantOf(start, home)) throw badRequest('The specified time range is empty.')
  return { start, end, rule: ruleFrom(rules, start.allDay ? home.name : start.zone, world.zones) }
}

function pick<T extends string>(value: unknown, allowed: readonly T[], name: string, otherwise: T): T {
  if (value === undefined) return otherwise
  const found = allowed.find(entry => entry === value)
  if (found === undefined) throw invalid(name)
  return found
}

const attendeeFrom = (entry: unknown, email: string): Attendee => {
  const fields = fieldsOf(entry)
  const address = textOf(fields.email) ?? email
  const response = pick(fields.responseStatus, responses, 'responseStatus', 'needsAction')
  return { email: address, self: fields.self === true || address === email, response }
}

/** An event as Google's insert takes it; what the sandbox has no use for is left out. */
export function eventFrom(
  world: House & { calendar: Pick<Calendar, 'zone' | 'version'>; email: string },
  fields: Fields,
  id: string,
): CalendarEvent {
  return {
    ...planFrom(world, fields, textsOf(fields.recurrence)),
    id,
    status: pick(fields.status, ['confirmed', 'tentative'], 'status', 'confirmed'),
    summary: (textOf(fields.summary) ?? '').slice(0, 1_000),
    description: (textOf(fields.description) ?? '').slice(0, 8_000),
    location: (textOf(fields.location) ?? '').slice(0, 1_000),
    transparency: pick(fields.transparency, ['opaque', 'transparent'], 'transparency', 'opaque'),
    eventType: pick(fields.eventType, eventTypes, 'eventType', 'default'),
    attendees: listOf(fields.attendees)
      .slice(0, 200)
      .map(entry => attendeeFrom(entry, world.email)),
    organizer: textOf(fieldsOf(fields.organizer).email) ?? world.email,
    seriesId: null,
    original: null,
    created: world.now,
    updated: world.now,
    sequence: 0,
    version: world.calendar.version,
    earlier: [],
  }
}

export function createEvent(world: CalendarWorld, fields: Fields): CalendarEvent {
  const { calendar } = world
  if (calendar.events.size >= maxEvents) throw badRequest(`The sandbox holds at most ${maxEvents} events.`)
  const id = textOf(fields.id) ?? eventIdFor(world.life, calendar.id, String(calendar.version))
  if (!/^[0-9a-v]{5,1024}$/.test(id)) throw invalid('id', 'Invalid resource id value.')
  if (calendar.events.has(id)) throw invalid('id', 'The requested identifier already exists.')
  const event = eventFrom(world, fields, id)
  touch(world, event)
  return event
}

const seriesIdOf = (id: string): string => id.replace(/_\d{8}(T\d{6}Z)?$/, '')

/** An event by its id, or an instance of a series as an event of its own that is not kept yet. */
export function eventOf(calendar: Calendar, id: string, house: House): CalendarEvent {
  const known = calendar.events.get(id)
  if (known) return known
  const series = calendar.events.get(seriesIdOf(id))
  const instance = series && occurrenceOf(series, id, calendar.zone, house)
  if (!instance) throw notFound()
  return { ...series, ...instance, rule: null, seriesId: series.id, original: instance.start, earlier: [] }
}

const living = (world: CalendarWorld, id: string): CalendarEvent => {
  const event = eventOf(world.calendar, id, world)
  if (event.status === 'cancelled') throw deletedAlready()
  return event
}

/** To other times: one event, one instance of a series, or a whole series with the same rule. */
export function moveEvent(world: CalendarWorld, id: string, fields: Fields): CalendarEvent {
  const event = living(world, id)
  const rules = fields.recurrence === undefined ? (event.rule?.lines ?? []) : textsOf(fields.recurrence)
  const plan = planFrom(world, fields, event.seriesId === null ? rules : [])
  const { start, end, rule } = event
  if (event.rule) {
    event.earlier.push({ plan: { start, end, rule }, until: world.calendar.version + 1 })
    if (event.earlier.length > maxPlans) event.earlier.shift()
  }
  Object.assign(event, plan, { sequence: event.sequence + 1 })
  const starts = instantOf(start, world.calendar.zone) === instantOf(plan.start, world.calendar.zone)
  touch(world, event, ...(rule && !starts ? dropExceptions(world, event) : []))
  return event
}

/** What differed from the series is gone when the series itself begins at another time. */
function dropExceptions(world: CalendarWorld, series: CalendarEvent): CalendarEvent[] {
  const gone: CalendarEvent[] = []
  for (const other of [...world.calendar.events.values()]) {
    if (other.seriesId !== series.id) continue
    if (occurrenceOf(series, other.id, world.calendar.zone, world)) world.calendar.events.delete(other.id)
    else if (other.status !== 'cancelled') gone.push(other)
  }
  for (const other of gone) other.status = 'cancelled'
  return gone
}

/** Other words, another answer, free instead of busy: everything but its times. */
export function changeEvent(world: CalendarWorld, id: string, fields: Fields): CalendarEvent {
  const event = living(world, id)
  const { summary, description, location, transparency, eventType, status } = eventFrom(
    world,
    { ...event, ...fields, start: '2000-01-01', end: '2000-01-02', recurrence: [] },
    event.id,
  )
  Object.assign(event, { summary, description, location, transparency, eventType, status })
  if (fields.attendees !== undefined) {
    event.attendees = listOf(fields.attendees).map(entry => attendeeFrom(entry, world.email))
  }
  touch(world, event)
  return event
}

/** A cancelled instance leaves its series standing; a cancelled series takes what differed from it along. */
export function cancelEvent(world: CalendarWorld, id: string): CalendarEvent {
  const event = living(world, id)
  event.status = 'cancelled'
  event.sequence += 1
  const own = [...world.calendar.events.values()].filter(
    other => other.seriesId === event.id && other.status !== 'cancelled',
  )
  for (const other of own) other.status = 'cancelled'
  touch(world, event, ...own)
  return event
}

/** Whether this time is taken: what was declined, marked as free or only tells a place does not count. */
export function isBusy(event: CalendarEvent): boolean {
  if (event.status === 'cancelled' || event.transparency === 'transparent') return false
  if (event.eventType === 'workingLocation' || event.eventType === 'birthday') return false
  return !event.attendees.some(attendee => attendee.self && attendee.response === 'declined')
}
