export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is moved; tests live months in seconds with it. */
export function frozenClock(
  start: string | Date,
): Clock & { advance(ms: number): void; set(at: string | Date): void } {
  let at = new Date(start)
  return {
    now: () => new Date(at),
    advance(ms) {
      at = new Date(at.getTime() + ms)
    },
    set(next) {
      at = new Date(next)
    },
  }
}
