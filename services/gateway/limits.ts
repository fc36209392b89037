import { type Clock, createBuckets } from '@oo/kernel'

/** How often in a minute, per person or, where nobody is signed in, per address. */
const perMinute: Record<string, number> = {
  'sign-in': 60,
  token: 30,
  connect: 30,
  // Of an address, whatever it claims to be; what a source may send is counted by source, once it has signed.
  ingress: 600,
  react: 240,
  signals: 60,
  export: 6,
  delete: 6,
}

export interface Limits {
  /** Throws 429 with the seconds to wait when `who` has used up its share. */
  spend(limit: string, who: string): void
}

export function createLimits(clock: Clock): Limits {
  const buckets = createBuckets(clock)
  return {
    spend(limit, who) {
      const most = perMinute[limit]
      if (most === undefined) throw new Error(`x-limit ${limit} is not in services/gateway/limits.ts`)
      buckets.spend(`${limit}:${who}`, most)
    },
  }
}
