// What a clock in a calendar means. A zone that the IANA database knows by name is taken from there; any other from the
// VTIMEZONE that the calendar carries; one that nobody explains is read on the person's own clock.
import { openWallClock, type WallClock } from '../wallClock.ts'
import { type Component, propertiesOf, propertyOf, textOf, type Wall, wallOf } from './calendar.ts'
import { dayNumber, dayOf, lastDay, readRule } from './recurrence.ts'

export interface Zones {
  /** The person's own clock. */
  own: WallClock
  /** Of a wall with a time. */
  instantOf(wall: Wall, calendar: Component): Date | undefined
}

const mostZones = 100
const mostObservances = 40
/** In one reading; past it, what a calendar says of its own zones is no longer worked out. */
const mostWorkedOut = 10_000

export function openZones(timeZone: string | null): Zones {
  const own = openWallClock(timeZone)
  // One reading's clocks: making one costs more than using it.
  const clocks = new Map<string, WallClock | undefined>()
  let workedOut = 0

  function offsetIn(told: Component | undefined, wall: string): number | undefined {
    if (!told || workedOut >= mostWorkedOut) return undefined
    workedOut += Math.min(mostObservances, told[2].length)
    return offsetAt(told, wall)
  }

  function clockOf(zone: string): WallClock | undefined {
    if (!clocks.has(zone) && clocks.size < mostZones) {
      const name = ianaName(zone)
      clocks.set(zone, name === undefined ? undefined : openWallClock(name))
    }
    return clocks.get(zone)
  }

  return {
    own,
    instantOf({ day, time, isUtc, zone }, calendar) {
      const wall = `${day}T${time ?? '00:00:00'}`
      if (isUtc) return new Date(`${wall}Z`)
      if (zone === null) return own.instantOf(wall)
      const clock = clockOf(zone)
      if (clock) return clock.instantOf(wall)
      const told = calendar[2].find(within => within[0] === 'vtimezone' && textOf(within, 'tzid') === zone)
      const location = told && textOf(told, 'x-lic-location')
      const byLocation = location ? clockOf(location) : undefined
      if (byLocation) return byLocation.instantOf(wall)
      const offsetMs = offsetIn(told, wall)
      return offsetMs === undefined ? own.instantOf(wall) : new Date(Date.parse(`${wall}Z`) - offsetMs)
    },
  }
}

/** `Europe/Berlin`, also where a program wrote its own path before it. */
function ianaName(zone: string): string | undefined {
  const parts = zone.split('/').filter(part => part !== '')
  const tails = [parts, parts.slice(-3), parts.slice(-2)].map(tail => tail.join('/'))
  return tails.find(isKnown)
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

interface Onset {
  wall: string
  toMs: number
}

/** Of the observances of a VTIMEZONE the one that began last; before all of them, what the first one came from. */
function offsetAt([, , observances]: Component, wall: string): number | undefined {
  const onsets = observances.slice(0, mostObservances).flatMap(observance => onsetOf(observance, wall) ?? [])
  const [last] = onsets.toSorted((a, b) => (a.wall < b.wall ? 1 : -1))
  if (last) return last.toMs
  const earliest = observances.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1))[0]
  return earliest && offsetOf(earliest, 'tzoffsetfrom')
}

const startOf = (observance: Component): string => {
  const start = wallOf(propertyOf(observance, 'dtstart'))
  return start ? `${start.day}T${start.time ?? '00:00:00'}` : ''
}

function onsetOf(observance: Component, wall: string): Onset | undefined {
  const start = wallOf(propertyOf(observance, 'dtstart'))
  const toMs = offsetOf(observance, 'tzoffsetto')
  if (!start || toMs === undefined || startOf(observance) > wall) return undefined
  const time = start.time ?? '00:00:00'
  const more = propertiesOf(observance, 'rdate').flatMap(rdate =>
    rdate.slice(3).flatMap((_, nth) => wallOf(rdate, nth) ?? []),
  )
  const days = [start.day, ...more.map(({ day }) => day)]
  const rule = readRule(propertyOf(observance, 'rrule')?.[3])
  if (rule) {
    const stop = [wall.slice(0, 10), ...(rule.until ? [rule.until.slice(0, 10)] : [])].toSorted()[0] ?? ''
    const base = dayNumber(start.day)
    const found = lastDay(rule, { base, until: dayNumber(stop) })
    if (found !== undefined)
      days.push(`${dayOf(found)}T${time}` > wall ? dayBefore(rule, base, found) : dayOf(found))
  }
  const began = days
    .map(day => `${day}T${time}`)
    .filter(at => at <= wall)
    .toSorted()
    .at(-1)
  return began === undefined ? undefined : { wall: began, toMs }
}

/** The onset of that very day is still to come: it is the one before that counts. */
const dayBefore = (rule: NonNullable<ReturnType<typeof readRule>>, base: number, found: number): string => {
  const before = lastDay(rule, { base, until: found - 1 })
  return dayOf(before ?? base)
}

function offsetOf(observance: Component, name: string): number | undefined {
  const [, sign, hours, minutes, seconds = '0'] =
    /^([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(textOf(observance, name) ?? '') ?? []
  if (sign === undefined) return undefined
  const ms = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
  return sign === '-' ? -ms : ms
}
