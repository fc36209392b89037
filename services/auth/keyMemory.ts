// Unwrapped person keys, in memory for minutes: bounded, and dropped at once when a key is destroyed, in another
// process within a second.
import { type Clock, type Mark, onChanged, openHearing, type Pool } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import type { Sealer } from './door.ts'

const maxKeys = 5_000

/** What is told to other processes: a person whose key is destroyed. */
export const keyTopic = 'auth.key'

export interface KeyMemory {
  find(personId: string): Sealer | undefined
  keep(personId: string, sealer: Sealer, since: number): void
  /** How many keys were destroyed so far: a key read before the last one is not kept. */
  destroyed(): number
  destroy(personId: string): void
}

export function openKeyMemory(db: Pool, clock: Clock): KeyMemory {
  const hearing = openHearing(db, clock)
  const kept = new LRUCache<string, { sealer: Sealer; mark: Mark }>({ max: maxKeys })
  let destroyed = 0
  const destroy = (personId: string) => {
    destroyed += 1
    kept.delete(personId)
  }
  onChanged(db, keyTopic, ids => {
    if (ids !== 'all') ids.forEach(destroy)
    else {
      destroyed += 1
      kept.clear()
    }
  })
  return {
    find(personId) {
      const found = kept.get(personId)
      if (found && hearing.holds(found.mark)) return found.sealer
      kept.delete(personId)
      return undefined
    },
    keep(personId, sealer, since) {
      if (since === destroyed) kept.set(personId, { sealer, mark: hearing.mark() })
    },
    destroyed: () => destroyed,
    destroy,
  }
}
