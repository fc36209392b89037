// A VTODO as oO sees it.
import type { OpenTask, TaskAttributes } from '../../door.ts'
import { plainText } from '../plainText.ts'
import {
  type Component,
  minutesOf,
  numberOf,
  propertyOf,
  textOf,
  todoOf,
  type Wall,
  wallOf,
} from './calendar.ts'
import { taskId } from './taskId.ts'
import type { Zones } from './zones.ts'

export type Status = 'open' | 'completed' | 'cancelled'

export const caldavSource = 'caldav'

/** A working day: what an estimate in days means as effort. */
const minutesPerWorkingDay = 480
const minutesPerDay = 1_440

/** STATUS says; where it is silent, or a client wrote only when it was done, that says. */
export function statusOf(todo: Component): Status {
  const status = textOf(todo, 'status')?.toUpperCase()
  if (status === 'CANCELLED') return 'cancelled'
  if (status === 'COMPLETED' || propertyOf(todo, 'completed')) return 'completed'
  return status === undefined && numberOf(todo, 'percent-complete') === 100 ? 'completed' : 'open'
}

/** Undefined for what is not a task to do: done, cancelled, without words, or without an id. */
export function readTask(
  calendar: Component,
  { zones, file }: { zones: Zones; file: string },
): OpenTask | undefined {
  const todo = todoOf(calendar)
  if (!todo || statusOf(todo) !== 'open') return undefined
  const uid = uidOf(calendar)
  const externalId = uid === undefined ? undefined : taskId({ uid, file })
  const text = plainText(textOf(todo, 'summary') ?? '')
  if (externalId === undefined || text === '') return undefined
  const at = (name: string) => timeOf(wallOf(propertyOf(todo, name)), calendar, zones)
  const start = at('dtstart')
  return {
    source: caldavSource,
    externalId,
    text,
    url: null,
    attributes: {
      priority: priorityOf(numberOf(todo, 'priority')),
      due: at('due') ?? endOf(todo, start, zones),
      createdAt: instantOf(todo, 'created')?.toISOString() ?? null,
      effortMin: effortOf(todo),
      recurring: propertyOf(todo, 'rrule') !== undefined || propertyOf(todo, 'rdate') !== undefined,
    },
    start,
  }
}

/** Undefined for one that cannot be asked for. */
export function uidOf(calendar: Component): string | undefined {
  const todo = todoOf(calendar)
  return (todo && textOf(todo, 'uid')) ?? undefined
}

/** 1 to 4 are high, 5 is medium, 6 to 9 are low, 0 is none: so clients with three grades read and write them. */
const priorityOf = (priority: number | null): number => {
  if (priority === null || priority < 1 || priority > 9) return 1
  return priority < 5 ? 4 : priority === 5 ? 3 : 2
}

/** A day stays the day it names; a fixed time is an instant; a floating time is read on the person's own clock. */
function timeOf(wall: Wall | undefined, calendar: Component, zones: Zones): TaskAttributes['due'] {
  if (!wall) return null
  if (wall.time === null) return { date: wall.day, time: null }
  const instant = zones.instantOf(wall, calendar)
  if (!instant) return null
  const isFloating = !wall.isUtc && wall.zone === null
  return { date: isFloating ? wall.day : zones.own.dayOf(instant), time: instant.toISOString() }
}

/** Without a DUE, a start and a length say when it ends. */
function endOf(todo: Component, start: TaskAttributes['due'], zones: Zones): TaskAttributes['due'] {
  const minutes = minutesOf(textOf(todo, 'duration'), minutesPerDay)
  if (!start || minutes === null) return null
  if (start.time !== null) {
    const end = new Date(Date.parse(start.time) + minutes * 60_000)
    return { date: zones.own.dayOf(end), time: end.toISOString() }
  }
  const days = Math.max(0, Math.ceil(minutes / minutesPerDay) - 1)
  const end = new Date(Date.parse(`${start.date}T00:00:00Z`) + days * 86_400_000)
  return { date: end.toISOString().slice(0, 10), time: null }
}

/** An estimate, where a client writes one; a DURATION only where it is no span of days. */
function effortOf(todo: Component): number | null {
  const estimate = minutesOf(textOf(todo, 'estimated-duration'), minutesPerWorkingDay)
  if (estimate !== null) return estimate
  const duration = minutesOf(textOf(todo, 'duration'), minutesPerDay)
  return duration !== null && duration < minutesPerDay ? duration : null
}

/** Of what the format says is in UTC. */
export function instantOf(todo: Component, name: string): Date | null {
  const wall = wallOf(propertyOf(todo, name))
  return wall?.time ? new Date(`${wall.day}T${wall.time}Z`) : null
}
