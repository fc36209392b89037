// Who a cookie belongs to, remembered for a second: one read less for each request of a busy page, and a
// revocation in another process still holds within that second.
import type { Clock } from '@oo/kernel'
import type { Actor } from '@oo/shared-types/handlers'
import { LRUCache } from 'lru-cache'

const maxSessions = 10_000
const freshMs = 1_000

export interface SessionMemory {
  find(hash: string): Actor | undefined
  /** `since` is the count of revocations before the row was read: what was read before one is not kept. */
  keep(hash: string, actor: Actor, read: { since: number; expiresAt: Date }): void
  revocations(): number
  dropSession(sessionId: string): void
  dropPerson(personId: string): void
}

export function openSessionMemory(clock: Clock): SessionMemory {
  const now = () => clock.now().getTime()
  const kept = new LRUCache<string, { actor: Actor; from: number; until: number }>({ max: maxSessions })
  let revocations = 0
  const drop = (matches: (actor: Actor) => boolean) => {
    revocations += 1
    for (const [hash, { actor }] of [...kept.entries()]) if (matches(actor)) kept.delete(hash)
  }
  return {
    find(hash) {
      const found = kept.get(hash)
      if (found && found.from <= now() && now() < found.until) return found.actor
      kept.delete(hash)
      return undefined
    },
    keep(hash, actor, { since, expiresAt }) {
      if (since !== revocations) return
      kept.set(hash, { actor, from: now(), until: Math.min(now() + freshMs, expiresAt.getTime()) })
    },
    revocations: () => revocations,
    dropSession: sessionId => drop(actor => actor.sessionId === sessionId),
    dropPerson: personId => drop(actor => actor.personId === personId),
  }
}
