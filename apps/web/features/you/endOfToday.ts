import { instantOf, wallAt } from '../tip/zone.ts'

/** The next midnight on the person's own clock. */
export function endOfToday(now: Date, zone: string): Date {
  const today = wallAt(now, zone)
  return instantOf({ ...today, day: today.day + 1, hour: 0, minute: 0 }, zone)
}
