import type { IntegrationsCtx } from '../context.ts'
import type { BusyTimes } from '../door.ts'
import { busyDayOf } from './busyDay.ts'

/** Null where no calendar may be read, or none was lately. */
export interface BusyNow {
  busy: boolean | null
  /** Minutes until the next appointment; 0 while there is one, a day at most. */
  freeMin: number | null
}

const minuteMs = 60_000
/** A day without an appointment: longer than anything takes. */
const mostFreeMin = 1_440

/** Whether somebody has an appointment now, and for how many minutes they have none; null where nobody knows. */
export async function busyAt(ctx: IntegrationsCtx, personId: string, now: Date): Promise<BusyNow> {
  const day = await busyDayOf(ctx, personId, now)
  return day === null ? { busy: null, freeMin: null } : busyIn(day, now)
}

export function busyIn(day: readonly BusyTimes[], now: Date): BusyNow {
  if (day.some(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)) return { busy: true, freeMin: 0 }
  const next = day.find(({ startsAt }) => startsAt > now)
  const freeMin = next ? Math.floor((next.startsAt.getTime() - now.getTime()) / minuteMs) : mostFreeMin
  return { busy: false, freeMin: Math.min(mostFreeMin, freeMin) }
}
