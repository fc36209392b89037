// Unwrapped person keys, in memory for seconds: bounded, and dropped at once where a key is destroyed.
import type { Clock } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import type { Sealer } from './door.ts'

const maxKeys = 5_000
/** How long another process may still hold a key that was destroyed. */
const keptMs = 30_000

export interface KeyMemory {
  find(personId: string): Sealer | undefined
  keep(personId: string, sealer: Sealer, since: number): void
  /** How many keys were destroyed so far: a key read before the last one is not kept. */
  destroyed(): number
  destroy(personId: string): void
}

export function openKeyMemory(clock: Clock): KeyMemory {
  const now = () => clock.now().getTime()
  const kept = new LRUCache<string, { sealer: Sealer; from: number }>({ max: maxKeys })
  let destroyed = 0
  return {
    find(personId) {
      const found = kept.get(personId)
      if (found && Math.abs(now() - found.from) < keptMs) return found.sealer
      kept.delete(personId)
      return undefined
    },
    keep(personId, sealer, since) {
      if (since === destroyed) kept.set(personId, { sealer, from: now() })
    },
    destroyed: () => destroyed,
    destroy(personId) {
      destroyed += 1
      kept.delete(personId)
    },
  }
}
