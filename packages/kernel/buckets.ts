import type { Clock } from './clock.ts'
import { Problem, problems } from './problem.ts'

export interface Buckets {
  /** Throws 429 with the seconds to wait when `key` has used up its share of a minute. */
  spend(key: string, mostPerMinute: number): void
}

/** A leaky bucket a key, bounded in number: the least recently seen is forgotten first. */
export function createBuckets(clock: Clock, maxKeys = 50_000): Buckets {
  const buckets = new Map<string, { level: number; at: number }>()
  return {
    spend(key, most) {
      const now = clock.now().getTime()
      const bucket = buckets.get(key) ?? { level: 0, at: now }
      const level = Math.max(0, bucket.level - ((now - bucket.at) / 60_000) * most)
      if (level + 1 > most)
        throw new Problem(problems.tooMany, {
          retryAfterSeconds: Math.ceil(((level + 1 - most) / most) * 60),
        })
      // A Map keeps the order in which keys came, so the first one is the one not seen for longest.
      buckets.delete(key)
      buckets.set(key, { level: level + 1, at: now })
      const [oldest] = buckets.size > maxKeys ? buckets.keys() : []
      if (oldest !== undefined) buckets.delete(oldest)
    },
  }
}
