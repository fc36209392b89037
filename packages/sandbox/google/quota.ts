import { overQuota } from './errors.ts'

/** Google's published defaults for a project: requests in a minute, by everybody and by one person. */
export type QuotaSettings = { perMinute: number; perPersonPerMinute: number }
export const publishedQuota: QuotaSettings = { perMinute: 10_000, perPersonPerMinute: 600 }

export type Quota = { spend(email: string): void; reset(): void }

/** Counts requests in fixed minutes and refuses with Google's own reasons. */
export function createQuota(settings: QuotaSettings, now: () => Date): Quota {
  let minute = 0
  let all = 0
  const byPerson = new Map<string, number>()
  const reset = (): void => {
    all = 0
    byPerson.clear()
  }
  return {
    reset,
    spend(email) {
      const current = Math.floor(now().getTime() / 60_000)
      if (current !== minute) reset()
      minute = current
      const own = (byPerson.get(email) ?? 0) + 1
      if (own > settings.perPersonPerMinute) throw overQuota(403, 'userRateLimitExceeded')
      if (all >= settings.perMinute) throw overQuota(403, 'rateLimitExceeded')
      all += 1
      byPerson.set(email, own)
    },
  }
}
