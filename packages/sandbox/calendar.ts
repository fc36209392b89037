/** Civil dates (`2026-11-20`) in a zone, and the instants they stand for. */
const dayMs = 86_400_000
const maxKnown = 50_000

export type CivilDate = string

export function addDays(date: CivilDate, days: number): CivilDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** The same day of another month, or that month's last day. */
export function addMonths(date: CivilDate, months: number): CivilDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}

/** 0 is Sunday. */
export const weekdayOf = (date: CivilDate): number => new Date(`${date}T00:00:00Z`).getUTCDay()

export function isCivilDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const parsed = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
}

/** A zone's clock on the wall; its formatters are costly to make, so one is shared by all who live there. */
export type Zone = {
  name: string
  today(now: Date): CivilDate
  /**
   * The instant at which that clock shows this date and minute of the day. As calendars agree (RFC 5545): of two, the
   * first; a time that the clock skips is reckoned with the offset before it.
   */
  instant(date: CivilDate, minuteOfDay: number): Date
  offsetMinutes(at: Date): number
}

export function createZone(name: string): Zone {
  const dates = new Intl.DateTimeFormat('en-CA', { timeZone: name, dateStyle: 'short' })
  const offsets = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' })
  const known = new Map<number, number>()
  const reckon = (at: Date): number => {
    const part = offsets.formatToParts(at).find(entry => entry.type === 'timeZoneName')?.value
    const match = /GMT([+-])(\d{2}):(\d{2})/.exec(part ?? '')
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0
  }
  /** Clocks change on a quarter of an hour; a formatter is asked once for each. */
  const offsetMinutes = (at: Date): number => {
    const quarter = Math.floor(at.getTime() / 900_000)
    const found = known.get(quarter)
    if (found !== undefined) return found
    if (known.size >= maxKnown) known.clear()
    const offset = reckon(at)
    known.set(quarter, offset)
    return offset
  }
  return {
    name,
    offsetMinutes,
    today: now => dates.format(now),
    instant(date, minuteOfDay) {
      const asUtc = Date.parse(`${date}T00:00:00Z`) + minuteOfDay * 60_000
      const [before, after] = [asUtc - dayMs, asUtc + dayMs].map(at => offsetMinutes(new Date(at)))
      const [early, late] = [before ?? 0, after ?? 0].map(offset => new Date(asUtc - offset * 60_000))
      const lateHolds = late !== undefined && offsetMinutes(late) === after
      const earlyHolds = early !== undefined && offsetMinutes(early) === before
      return (lateHolds && !earlyHolds ? late : early) ?? new Date(asUtc)
    },
  }
}

/** Zones by name, each made once; undefined for a name that no clock goes by. */
export type Zones = (name: string) => Zone | undefined

export function createZones(): Zones {
  const known = new Map<string, Zone>()
  return name => {
    const found = known.get(name)
    if (found) return found
    if (!/^[A-Za-z]+(?:[/_+-]?[A-Za-z0-9]+)*$/.test(name)) return undefined
    try {
      const zone = createZone(name)
      known.set(name, zone)
      return zone
    } catch {
      return undefined
    }
  }
}
