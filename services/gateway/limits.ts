import { type Clock, Problem, problems } from '@oo/kernel'
import { LRUCache } from 'lru-cache'

/** How often in a minute, per person or, where nobody is signed in, per address. */
const perMinute: Record<string, number> = {
  'sign-in': 60,
  token: 30,
  connect: 30,
  react: 240,
  signals: 60,
  export: 6,
  delete: 6,
}

export interface Limits {
  /** Throws 429 with the seconds to wait when `who` has used up its share. */
  spend(limit: string, who: string): void
}

/** A leaky bucket a key, bounded in number: the least recently seen is forgotten first. */
export function createLimits(clock: Clock): Limits {
  const buckets = new LRUCache<string, { level: number; at: number }>({ max: 50_000 })
  return {
    spend(limit, who) {
      const most = perMinute[limit]
      if (most === undefined) throw new Error(`x-limit ${limit} is not in services/gateway/limits.ts`)
      const now = clock.now().getTime()
      const key = `${limit}:${who}`
      const bucket = buckets.get(key) ?? { level: 0, at: now }
      const level = Math.max(0, bucket.level - ((now - bucket.at) / 60_000) * most)
      if (level + 1 > most)
        throw new Problem(problems.tooMany, {
          retryAfterSeconds: Math.ceil(((level + 1 - most) / most) * 60),
        })
      buckets.set(key, { level: level + 1, at: now })
    },
  }
}
