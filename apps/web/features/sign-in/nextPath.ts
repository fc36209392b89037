const reasons = {
  expired: 'You were signed out. Sign in again to go on.',
  'no-person': 'You are signed in to the console only. Sign in as yourself to see your tip.',
  'signed-out': 'You are signed out.',
  everywhere: 'You are signed out everywhere.',
  refused: 'The sign-in was not completed. Try again.',
} as const

type Reason = keyof typeof reasons

/** Why someone is asked to sign in; an unknown reason is told as a sign-in that failed. */
export function reasonSentence(why: string | undefined): string | null {
  if (!why) return null
  return isReason(why) ? reasons[why] : reasons.refused
}

function isReason(why: string): why is Reason {
  return Object.hasOwn(reasons, why)
}

/** Only a path on this origin may follow a sign-in; everything else becomes the tip. */
export function nextPath(next: string | string[] | undefined): string {
  if (typeof next !== 'string' || next.length > 500) return '/'
  const base = 'http://oo.invalid'
  if (!next.startsWith('/') || !URL.canParse(next, base)) return '/'
  const url = new URL(next, base)
  const path = url.pathname + url.search + url.hash
  return url.origin === base && !path.startsWith('//') ? path : '/'
}

export function signInPath(next: string, why?: Reason): string {
  return `/sign-in?${new URLSearchParams({ next, ...(why && { why }) })}`
}
