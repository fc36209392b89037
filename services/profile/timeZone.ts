import { Problem } from '@oo/kernel'
import { errors } from './errors.ts'

/**
 * The zone's name with the right capitals. An alias such as Asia/Kolkata stays as the device names it, so that
 * a client can compare; offsets such as +02:00 are refused, because they know no daylight saving.
 */
export function parseTimeZone(given: string): string {
  const known = /^[a-z]/i.test(given) ? canonical(given) : undefined
  if (!known) throw new Problem(errors.unknownZone)
  const wellWritten = given.split('/').every(part => /^[A-Z][a-z]/.test(part))
  return wellWritten && known.toLowerCase() !== given.toLowerCase() ? given : known
}

function canonical(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
