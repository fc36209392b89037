import type { Db } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import { type Standing, standingOf } from './store.ts'

const defaultFreshMs = 1_000
const maxPeople = 10_000

interface Kept {
  readAtMs: number
  standing: Promise<Standing | undefined>
}

export interface WishesMemory {
  read(db: Db, personId: string, nowMs: number): Promise<Standing | undefined>
  forget(personId: string): void
}

/**
 * Keeps the read itself rather than its result: a read that began before a change is dropped with it, so its
 * late answer cannot come back. Another process's change is seen when the second is over.
 */
export function openWishesMemory(freshMs = defaultFreshMs): WishesMemory {
  const kept = new LRUCache<string, Kept>({ max: maxPeople })
  return {
    read(db, personId, nowMs) {
      const known = kept.get(personId)
      if (known && Math.abs(nowMs - known.readAtMs) < freshMs) return known.standing
      const entry = { readAtMs: nowMs, standing: standingOf(db, personId) }
      kept.set(personId, entry)
      entry.standing.catch(() => {
        if (kept.get(personId) === entry) kept.delete(personId)
      })
      return entry.standing
    },
    forget: personId => void kept.delete(personId),
  }
}
