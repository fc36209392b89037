import type { Wishes } from './door.ts'

/** A pause ends by the clock: nothing has to run for oO to wake. */
export function activePause(
  { pausedSince, pausedUntil }: { pausedSince: Date | null; pausedUntil: Date | null },
  now: Date,
): Wishes['pause'] {
  if (!pausedSince || (pausedUntil && pausedUntil <= now)) return null
  return { since: pausedSince, until: pausedUntil }
}
