import type { Cookie } from '@oo/shared-types/handlers'

/** The cookies of a request; a name that appears twice keeps its first value. */
export function readCookies(header: string | undefined): Record<string, string | undefined> {
  const cookies: Record<string, string | undefined> = Object.create(null)
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at < 1) continue
    cookies[pair.slice(0, at).trim()] ??= pair.slice(at + 1).trim()
  }
  return cookies
}

/** HttpOnly and Lax always; Secure wherever the browser came by https. */
export function writeCookie({ name, value, maxAgeSeconds, path }: Cookie, origin: string): string {
  const age = value === '' ? 0 : maxAgeSeconds
  const secure = origin.startsWith('https://') ? '; Secure' : ''
  return `${name}=${value}; Path=${path ?? '/'}; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`
}
