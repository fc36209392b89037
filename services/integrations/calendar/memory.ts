// When people are busy, in memory for half a minute: the tip page asks often, and a day changes seldom.
import type { Clock } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import type { BusyTimes } from '../door.ts'

const freshMs = 30_000
const maxPeople = 5_000

/** The taken times around now, and when they were read at the provider. */
export interface BusyDay {
  syncedAt: Date
  /** By their beginning. */
  appointments: readonly BusyTimes[]
}

export interface CalendarMemory {
  read(personId: string): BusyDay | undefined
  /** A token for what is about to be read: what changed meanwhile is not kept. */
  begin(personId: string): object
  keep(personId: string, day: BusyDay, begun: object): void
  forget(personId: string): void
}

export function openCalendarMemory(clock: Clock): CalendarMemory {
  const perf = { now: () => clock.now().getTime() }
  const days = new LRUCache<string, BusyDay>({ max: maxPeople, ttl: freshMs, ttlResolution: 0, perf })
  const reading = new LRUCache<string, object>({ max: maxPeople })
  return {
    read: personId => days.get(personId),
    begin(personId) {
      const begun = reading.get(personId) ?? {}
      reading.set(personId, begun)
      return begun
    },
    keep(personId, day, begun) {
      if (reading.get(personId) === begun) days.set(personId, day)
    },
    forget(personId) {
      reading.delete(personId)
      days.delete(personId)
    },
  }
}
