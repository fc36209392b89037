// Between instants and the calendar on a person's wall, for any IANA zone and across its clock changes.

export interface WallClock {
  /** What the clock shows at an instant, as the parts of a date in UTC. */
  shown(at: Date): Date
  /** The calendar day of an instant, as YYYY-MM-DD. */
  dayOf(at: Date): string
  /** The instant at which this clock shows `YYYY-MM-DDTHH:mm[:ss]`. A time that a change skips is moved past the gap. */
  instantOf(wall: string): Date | undefined
}

const dayMs = 86_400_000

export function openWallClock(zone: string | null): WallClock {
  const format = formatFor(zone)
  const wallMs = (atMs: number): number => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  }
  const offsetMs = (atMs: number): number => wallMs(atMs) - Math.floor(atMs / 1_000) * 1_000

  return {
    shown: at => new Date(wallMs(at.getTime())),
    dayOf: at => new Date(wallMs(at.getTime())).toISOString().slice(0, 10),
    instantOf(wall) {
      const asUtc = Date.parse(`${wall.slice(0, 19)}Z`)
      if (Number.isNaN(asUtc)) return undefined
      const [before, after] = [offsetMs(asUtc - dayMs), offsetMs(asUtc + dayMs)]
      const fitting = [asUtc - before, asUtc - after].filter(at => asUtc - at === offsetMs(at))
      return new Date(fitting.length > 0 ? Math.min(...fitting) : asUtc - before)
    },
  }
}

function formatFor(zone: string | null): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }
  try {
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { ...options, timeZone: zone ?? 'UTC' })
  } catch {
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { ...options, timeZone: 'UTC' })
  }
}
