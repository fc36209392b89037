// What a connection that is under way must remember, sealed in a cookie: it returns only to the person and session
// that began it, within 10 minutes, once.
import { type Clock, open, type Random, sameSecret, seal, secretToken } from '@oo/kernel'

export const connectCookie = 'oo_connect'
export const connectCookiePath = '/api/integrations'
export const connectWithinSeconds = 600

export interface Beginning {
  personId: string
  sessionId: string
  source: string
  next: string | null
}

interface Kept extends Beginning {
  state: string
  until: number
}

const place = `cookie:${connectCookie}`

export function beginState(
  { clock, random }: { clock: Clock; random: Random },
  key: Buffer,
  beginning: Beginning,
): { state: string; cookie: string } {
  const state = secretToken(random)
  const kept: Kept = { ...beginning, state, until: clock.now().getTime() + connectWithinSeconds * 1_000 }
  return { state, cookie: seal(key, Buffer.from(JSON.stringify(kept)), place).toString('base64url') }
}

export interface Returning {
  personId: string
  sessionId: string
  source: string
  /** Null when the provider sent none back, which some do when the person declines. */
  state: string | null
}

/** Undefined when it is not the one that was begun, or too late. */
export function readState(
  clock: Clock,
  key: Buffer,
  { cookie, returning }: { cookie: string | undefined; returning: Returning },
): { next: string | null; state: string } | undefined {
  const kept = cookie === undefined ? undefined : openCookie(key, cookie)
  if (!kept || kept.until < clock.now().getTime()) return undefined
  const same =
    kept.personId === returning.personId &&
    kept.sessionId === returning.sessionId &&
    kept.source === returning.source &&
    (returning.state === null || sameSecret(kept.state, returning.state))
  return same ? { next: kept.next, state: kept.state } : undefined
}

/** What opens was sealed by `beginState`, so its shape is known. */
function openCookie(key: Buffer, cookie: string): Kept | undefined {
  try {
    return JSON.parse(open(key, Buffer.from(cookie, 'base64url'), place).toString())
  } catch {
    return undefined
  }
}
