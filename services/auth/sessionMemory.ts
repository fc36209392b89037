// Who a cookie belongs to, remembered for a minute: one read less for each request of a busy page. What is revoked
// is forgotten at once, in another process within a second.
import { type Clock, type Mark, onChanged, openHearing, type Pool } from '@oo/kernel'
import type { Actor } from '@oo/shared-types/handlers'
import { LRUCache } from 'lru-cache'

const maxSessions = 10_000
const longestMs = 60_000

/** What is told to other processes: a session that ended, a person whose sessions all did. */
export const sessionTopic = 'auth.session'
export const sessionsTopic = 'auth.sessions_of'

export interface SessionMemory {
  find(hash: string): Actor | undefined
  /** `since` is the count of revocations before the row was read: what was read before one is not kept. */
  keep(hash: string, actor: Actor, read: { since: number; expiresAt: Date }): void
  revocations(): number
  dropSession(sessionId: string): void
  dropPerson(personId: string): void
}

export function openSessionMemory(db: Pool, clock: Clock): SessionMemory {
  const hearing = openHearing(db, clock, { mostMs: longestMs })
  const now = () => clock.now().getTime()
  const kept = new LRUCache<string, { actor: Actor; mark: Mark; until: number }>({ max: maxSessions })
  let revocations = 0
  const drop = (matches: (actor: Actor) => boolean) => {
    revocations += 1
    for (const [hash, { actor }] of [...kept.entries()]) if (matches(actor)) kept.delete(hash)
  }
  const dropSession = (sessionId: string) => drop(actor => actor.sessionId === sessionId)
  const dropPerson = (personId: string) => drop(actor => actor.personId === personId)
  onChanged(db, sessionTopic, ids => (ids === 'all' ? drop(() => true) : ids.forEach(dropSession)))
  onChanged(db, sessionsTopic, ids => (ids === 'all' ? drop(() => true) : ids.forEach(dropPerson)))
  return {
    find(hash) {
      const found = kept.get(hash)
      if (found && hearing.holds(found.mark) && now() < found.until) return found.actor
      kept.delete(hash)
      return undefined
    },
    keep(hash, actor, { since, expiresAt }) {
      if (since !== revocations) return
      kept.set(hash, { actor, mark: hearing.mark(), until: expiresAt.getTime() })
    },
    revocations: () => revocations,
    dropSession,
    dropPerson,
  }
}
