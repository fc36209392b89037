import { emailOf } from './read.ts'

const cookieName = 'sandbox_person'

/** Who signed in last in this browser: the Todoist page offers the same person. It is a hint, it proves nothing. */
export const rememberPerson = (email: string): string =>
  `${cookieName}=${encodeURIComponent(email)}; Path=/; HttpOnly; SameSite=Lax`

export function rememberedPerson(cookie: string | undefined): string | undefined {
  const found = (cookie ?? '')
    .split(';')
    .map(part => part.trim())
    .find(part => part.startsWith(`${cookieName}=`))
  if (!found) return undefined
  try {
    return emailOf(decodeURIComponent(found.slice(cookieName.length + 1)))
  } catch {
    return undefined
  }
}
