// Whether the clock may decide what is thrown away. One that jumps forward makes everything look old, and what happens
// next bears its time: only a day of its running evenly, or what the log has of the day before, speaks for it.

const dayMs = 86_400_000
/** Less than this is a clock being set right. */
const jumpMs = 600_000

export interface ClockWatch {
  /** Whether it has run for a day without a jump, as far as this process has looked. */
  ranEvenly(now: Date): boolean
}

export function openClockWatch(steadyMs = () => performance.now()): ClockWatch {
  let last: { wallMs: number; steadyMs: number } | undefined
  let evenSinceMs = 0
  return {
    ranEvenly(now) {
      const seen = { wallMs: now.getTime(), steadyMs: steadyMs() }
      const strayedMs = last ? seen.wallMs - last.wallMs - (seen.steadyMs - last.steadyMs) : Infinity
      if (Math.abs(strayedMs) > jumpMs) evenSinceMs = seen.steadyMs
      last = seen
      return seen.steadyMs - evenSinceMs >= dayMs
    },
  }
}
