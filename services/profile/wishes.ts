import type { Db } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import { activePause } from './activePause.ts'
import type { ProfileCtx } from './context.ts'
import type { Wishes } from './door.ts'
import { counts } from './purposes.ts'
import { type Standing, standingOf } from './store.ts'

const freshForMs = 1_000
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
export function openWishesMemory(): WishesMemory {
  const kept = new LRUCache<string, Kept>({ max: maxPeople })
  return {
    read(db, personId, nowMs) {
      const known = kept.get(personId)
      if (known && Math.abs(nowMs - known.readAtMs) < freshForMs) return known.standing
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

/** Someone who is gone wishes for nothing and agreed to nothing. */
export async function wishes(ctx: ProfileCtx, personId: string): Promise<Wishes> {
  const now = ctx.clock.now()
  const standing = await ctx.memory.read(ctx.db, personId, now.getTime())
  if (!standing) return { timeZone: null, pause: null, consents: new Set() }
  return {
    timeZone: standing.timeZone,
    pause: activePause(standing, now),
    consents: new Set(standing.answers.filter(counts).map(answer => answer.purpose)),
  }
}
