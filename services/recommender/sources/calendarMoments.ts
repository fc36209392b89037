// What an appointment before or behind a moment makes of it. Only times are known, so none of this needs a word of it.
import type { BusyTimes } from '@oo/integrations'

const minuteMs = 60_000

/** A meeting is prepared for this long before it begins: earlier is too early, later is too late. */
const prepareMin = { atLeast: 5, atMost: 20 }
/** Appointments without a breath between them are one block. */
const breathMin = 5
const longBlockMin = 90
/** How long after a block a break is about it. */
const recoverMin = 20
const gapMin = 20
/** A gap lies between two appointments; further away than this, neither makes it one. */
const gapWithinMin = 180

export interface CalendarMoments {
  /** The next appointment, however long until then. */
  next: { startsAt: Date } | null
  /** The next appointment begins soon. */
  prepare: { startsAt: Date } | null
  /** A long block just ended. */
  recover: { until: Date } | null
  /** Some time between two appointments. */
  gap: { until: Date; freeMin: number } | null
}

const none: CalendarMoments = { next: null, prepare: null, recover: null, gap: null }

const minutes = (from: Date, until: Date): number => (until.getTime() - from.getTime()) / minuteMs
const later = (at: Date, byMin: number): Date => new Date(at.getTime() + byMin * minuteMs)

/** A day without hours is nothing that begins or ends, and takes the day all the same. */
export function calendarMoments(times: readonly BusyTimes[], now: Date): CalendarMoments {
  if (times.some(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)) return none
  const blocks = blocksOf(times.filter(({ allDay }) => !allDay))
  const next = blocks.find(({ startsAt }) => startsAt > now)
  const last = blocks.findLast(({ endsAt }) => endsAt <= now)
  const freeMin = next ? minutes(now, next.startsAt) : Number.POSITIVE_INFINITY
  const sinceMin = last ? minutes(last.endsAt, now) : Number.POSITIVE_INFINITY
  const isLong = last !== undefined && minutes(last.startsAt, last.endsAt) >= longBlockMin
  const isBetween = freeMin <= gapWithinMin && sinceMin <= gapWithinMin
  const isSoon = freeMin >= prepareMin.atLeast && freeMin <= prepareMin.atMost
  return {
    next: next ?? null,
    prepare: next && isSoon ? next : null,
    recover:
      isLong && sinceMin <= recoverMin && freeMin > breathMin
        ? { until: soonest(later(last.endsAt, recoverMin), next?.startsAt) }
        : null,
    gap: next && isBetween && freeMin >= gapMin ? { until: next.startsAt, freeMin } : null,
  }
}

const soonest = (a: Date, b: Date | undefined): Date => (b && b < a ? b : a)

/** In the order of their beginning; what overlaps or follows within a breath is one. */
function blocksOf(times: readonly BusyTimes[]): { startsAt: Date; endsAt: Date }[] {
  const blocks: { startsAt: Date; endsAt: Date }[] = []
  for (const { startsAt, endsAt } of times) {
    const block = blocks.at(-1)
    if (!block || minutes(block.endsAt, startsAt) > breathMin) blocks.push({ startsAt, endsAt })
    else if (endsAt > block.endsAt) block.endsAt = endsAt
  }
  return blocks
}
