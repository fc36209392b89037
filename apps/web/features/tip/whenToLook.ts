import type { Face } from './machine.ts'

const awayMs = [2_000, 4_000, 8_000, 15_000, 30_000]
const maxTries = 40
const longestMs = 6 * 3_600_000
const oftenMs = 20_000
const seldomMs = 60_000
const freshMs = 600_000
/** By then the api has no doubt either that it is over. */
const graceMs = 1_000

/** How long until a page without a tip asks by itself; null: not at all. */
export function waitWithoutTip(face: Face, tries: number, now: number): number | null {
  if (face.is === 'away')
    return tries < maxTries ? (awayMs[Math.min(tries, awayMs.length - 1)] ?? null) : null
  if (face.is !== 'nothing' || !face.silence.until) return null
  const waitMs = Date.parse(face.silence.until) - now
  return waitMs > longestMs ? null : Math.max(waitMs, 1_000) + graceMs
}

/** How long until a page asks whether its tip still holds: often at first, at its end, and never at all too late. */
export function waitWithTip(
  expiresAt: string,
  { seenAt, lookedAt, now }: { seenAt: number; lookedAt: number; now: number },
): number {
  const dueAt = lookedAt + (now - seenAt < freshMs ? oftenMs : seldomMs)
  const endsAt = Date.parse(expiresAt) + graceMs
  return Math.max((lookedAt < endsAt ? Math.min(dueAt, endsAt) : dueAt) - now, 0)
}
