import { TodoistOverQuota } from './errors.ts'

/** Todoist's published limits for one person and app, in a quarter of an hour: syncs of everything, and all others. */
export type QuotaSettings = { whole: number; partial: number }
export const publishedQuota: QuotaSettings = { whole: 100, partial: 1_000 }
const windowMs = 900_000

export type Spent = {
  /** In the window that runs now, and in all. */
  now: QuotaSettings
  all: QuotaSettings
}

export type Quota = {
  spend(email: string, what: keyof QuotaSettings): void
  spentBy(email: string): Spent
  reset(): void
}

/** Counts requests in windows that begin with a person's first one, and says to the second when the next begins. */
export function createQuota(settings: QuotaSettings, now: () => Date): Quota {
  const byPerson = new Map<string, Spent & { since: number }>()
  const none = () => ({ whole: 0, partial: 0 })
  return {
    reset: () => byPerson.clear(),
    spentBy: email => byPerson.get(email) ?? { now: none(), all: none() },
    spend(email, what) {
      const at = now().getTime()
      const spent = byPerson.get(email) ?? { since: at, now: none(), all: none() }
      byPerson.set(email, spent)
      if (at - spent.since >= windowMs) Object.assign(spent, { since: at, now: none() })
      spent.all[what] += 1
      if (spent.now[what] >= settings[what])
        throw new TodoistOverQuota(Math.max(1, Math.ceil((spent.since + windowMs - at) / 1_000)))
      spent.now[what] += 1
    },
  }
}
