// A sign-in under way travels in the browser, sealed: nothing is stored for people who never come back.
import { keyedHash, open, seal } from '@oo/kernel'
import type { Cookie } from '@oo/shared-types/handlers'

export const loginCookieName = 'oo_login'
const path = '/api/auth'
const place = 'cookie.oo_login'
const lifeSeconds = 600

export interface SignInUnderWay {
  provider: string
  origin: string
  next: string
  state: string
  nonce: string
  verifier: string
  startedAtMs: number
}

const keyOf = (secret: string): Buffer => keyedHash(secret, 'auth.login-cookie', 'key')

export const loginCookie = (secret: string, underWay: SignInUnderWay): Cookie => ({
  name: loginCookieName,
  value: seal(keyOf(secret), Buffer.from(JSON.stringify(underWay)), place).toString('base64url'),
  maxAgeSeconds: lifeSeconds,
  path,
})

export const noLoginCookie: Cookie = { name: loginCookieName, value: '', maxAgeSeconds: 0, path }

/** Null for a cookie that is missing, not ours, changed on the way, or older than ten minutes. */
export function readLoginCookie(secret: string, value: string | undefined, now: Date): SignInUnderWay | null {
  if (!value) return null
  const underWay = openCookie(keyOf(secret), value)
  if (!underWay) return null
  const age = now.getTime() - underWay.startedAtMs
  return age >= 0 && age < lifeSeconds * 1_000 ? underWay : null
}

function openCookie(key: Buffer, value: string): SignInUnderWay | null {
  try {
    return JSON.parse(open(key, Buffer.from(value, 'base64url'), place).toString())
  } catch {
    return null
  }
}
