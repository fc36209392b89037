// What a connection that is under way must remember, sealed in a cookie: it returns only to the person and session
// that began it, within 10 minutes, once.
import { createHash } from 'node:crypto'
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
  verifier: string
  until: number
}

/** Names the shape too: what an older version sealed does not open, and is begun again. */
const place = `cookie:${connectCookie}:verifier`

/** PKCE: who comes back shows the verifier, of which only this was said. */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')

export function beginState(
  { clock, random }: { clock: Clock; random: Random },
  key: Buffer,
  beginning: Beginning,
): { state: string; challenge: string; cookie: string } {
  const [state, verifier] = [secretToken(random), secretToken(random)]
  const until = clock.now().getTime() + connectWithinSeconds * 1_000
  const kept: Kept = { ...beginning, state, verifier, until }
  const cookie = seal(key, Buffer.from(JSON.stringify(kept)), place).toString('base64url')
  return { state, challenge: challengeOf(verifier), cookie }
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
): Pick<Kept, 'next' | 'state' | 'verifier'> | undefined {
  const kept = cookie === undefined ? undefined : openCookie(key, cookie)
  if (!kept || kept.until < clock.now().getTime()) return undefined
  const same =
    kept.personId === returning.personId &&
    kept.sessionId === returning.sessionId &&
    kept.source === returning.source &&
    (returning.state === null || sameSecret(kept.state, returning.state))
  return same ? kept : undefined
}

/** What opens was sealed by `beginState`, so its shape is known. */
function openCookie(key: Buffer, cookie: string): Kept | undefined {
  try {
    return JSON.parse(open(key, Buffer.from(cookie, 'base64url'), place).toString())
  } catch {
    return undefined
  }
}
