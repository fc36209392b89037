/** Wall-clock time in a named zone, on the calendar the person sees. */
export type Wall = { year: number; month: number; day: number; hour: number; minute: number }

/** What the clock on the wall shows in this zone at this instant. */
export function wallAt(instant: Date, zone: string): Wall {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant)
  const read = (type: string) => Number(parts.find(part => part.type === type)?.value)
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
  }
}

const asUtc = (wall: Wall) => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute)

/**
 * The instant at which the wall shows this time; days beyond a month's end roll over. A time that a clock change
 * skips becomes the same distance after the gap; one that happens twice is the first.
 */
export function instantOf(wall: Wall, zone: string): Date {
  const wanted = asUtc(wall)
  const offsetAt = (instant: number) => asUtc(wallAt(new Date(instant), zone)) - instant
  const before = offsetAt(wanted - 86_400_000)
  const after = offsetAt(wanted + 86_400_000)
  const first = wanted - before
  if (offsetAt(first) === before) return new Date(first)
  const second = wanted - after
  return new Date(offsetAt(second) === after ? second : first)
}

export function deviceZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** "14:00", "tomorrow at 09:00", "Tue 24 Nov at 09:00", as said in the person's zone. */
export function momentIn(zone: string, instant: Date, now: Date): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
  }).format(instant)
  const day = (at: Date) => {
    const { year, month, day } = wallAt(at, zone)
    return Date.UTC(year, month - 1, day) / 86_400_000
  }
  const days = day(instant) - day(now)
  if (days === 0) return time
  if (days === 1) return `tomorrow at ${time}`
  if (days === -1) return `yesterday at ${time}`
  const date = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  })
  return `${date.format(instant).replace(',', '')} at ${time}`
}
