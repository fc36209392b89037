const reasons = {
  expired: 'You were signed out. Sign in again to go on.',
  'no-person': 'You are signed in to the console only. Sign in as yourself to see your tip.',
  'signed-out': 'You are signed out.',
  everywhere: 'You are signed out everywhere.',
} as const

/** What the api says went wrong while signing in. */
const problems: Record<string, string> = {
  expired: 'That took too long, or began in another window. Try again.',
  declined: 'You chose not to go on. Nothing was kept.',
  provider_away: 'The provider does not answer right now. Try again in a moment, or choose another.',
  being_deleted: 'This account is being deleted. When that is done, you can begin anew.',
  refused: 'The sign-in could not be completed. Try again.',
}

type Reason = keyof typeof reasons

/** Why someone is asked to sign in, or what went wrong; an unknown problem is a sign-in that failed. */
export function reasonSentence({ why, problem }: { why?: string; problem?: string }): string | null {
  if (problem) return (Object.hasOwn(problems, problem) && problems[problem]) || (problems.refused ?? null)
  return why && isReason(why) ? reasons[why] : null
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
