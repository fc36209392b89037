// Counts wrong tokens: five within a minute close the form for a minute, for everyone.
import type { Clock } from '@oo/kernel'

const windowMs = 60_000
const failuresToLock = 5

export interface TokenForm {
  /** Seconds until it opens again; 0 when it is open. */
  lockedForSeconds(): number
  /** True when this failure locked the form. */
  failed(): boolean
}

export function openTokenForm(clock: Clock): TokenForm {
  let failures: number[] = []
  let lockedUntil = 0
  return {
    lockedForSeconds: () => Math.max(0, Math.ceil((lockedUntil - clock.now().getTime()) / 1_000)),
    failed() {
      const now = clock.now().getTime()
      failures = [...failures.filter(at => now - at < windowMs), now]
      if (failures.length < failuresToLock) return false
      failures = []
      lockedUntil = now + windowMs
      return true
    },
  }
}
