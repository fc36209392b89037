import { instantOf, type Wall, wallAt } from './zone.ts'

export type Snooze = { name: string; until: Date }

const eveningHour = 19
const morningHour = 9

/** When a tip may come back, as the person's own clock has it; the evening is offered while it is still ahead. */
export function snoozes(now: Date, zone: string): Snooze[] {
  const today = wallAt(now, zone)
  const at = (day: number, hour: number) => instantOf({ ...today, day, hour, minute: 0 }, zone)
  const choices = [{ name: 'in an hour', until: new Date(now.getTime() + 3_600_000) }]
  if (today.hour < eveningHour - 1) choices.push({ name: 'this evening', until: at(today.day, eveningHour) })
  choices.push({ name: 'tomorrow', until: at(today.day + 1, morningHour) })
  return choices
}

const pad = (value: number) => String(value).padStart(2, '0')

/** What a `datetime-local` field holds for an instant in the person's zone. */
export function fieldOf(instant: Date, zone: string): string {
  const { year, month, day, hour, minute } = wallAt(instant, zone)
  return `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}`
}

/** The instant a `datetime-local` field means in the person's zone; null when it is empty or not ahead. */
export function pickedIn(zone: string, field: string, now: Date): Date | null {
  const match = /^(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(field)
  if (!match) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number)
  const wall: Wall = { year, month, day, hour, minute }
  const instant = instantOf(wall, zone)
  return instant > now ? instant : null
}
