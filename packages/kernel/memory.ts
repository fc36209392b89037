// What was read from the database, kept for the next request: bounded in number, forgotten when it changed, here at
// once and elsewhere by a notice. Where notices may be missing it holds for a second only.
import { hubOf, onChanged } from './changes.ts'
import type { Clock } from './clock.ts'
import type { Pool } from './db.ts'

const withoutNoticesMs = 1_000
const longestMs = 600_000

/** When something was read, and over which connection changes to it are heard. */
export interface Mark {
  atMs: number
  listening: object | undefined
}

export interface Hearing {
  mark(): Mark
  /** Whether what was read at the mark cannot have changed more than a second ago without a notice. */
  holds(mark: Mark): boolean
}

export function openHearing(db: Pool, clock: Clock, { mostMs = longestMs } = {}): Hearing {
  const hub = hubOf(db.$client)
  return {
    mark: () => ({ atMs: clock.now().getTime(), listening: hub.listening }),
    holds({ atMs, listening }) {
      const ageMs = Math.abs(clock.now().getTime() - atMs)
      if (ageMs < withoutNoticesMs) return true
      const isHeard = listening !== undefined && listening === hub.listening
      return isHeard && ageMs < mostMs && performance.now() < hub.trustedUntilMs
    },
  }
}

/** A value as it was found, and the way to put its successor in its place unless it changed meanwhile. */
export interface Found<Value> {
  value: Value
  replace(next: Value): void
}

export interface Memory<Value> {
  /** One read serves all who ask meanwhile; one that began before a change is not kept after it. */
  look(id: string, read: () => Promise<Value>): Promise<Found<Value>>
  /** Changes what is known here; what is still being read is forgotten instead. */
  amend(id: string, change: (value: Value) => Value): void
  forget(id: string): void
}

interface Kept<Value> {
  mark: Mark
  reading: Promise<Value>
  /** There once the reading is done. */
  found?: { value: Value }
}

export function openMemory<Value>(
  db: Pool,
  { topic, most, clock }: { topic: string; most: number; clock: Clock },
): Memory<Value> {
  const hearing = openHearing(db, clock)
  const kept = new Map<string, Kept<Value>>()

  function keep(id: string, entry: Kept<Value>): void {
    kept.delete(id)
    kept.set(id, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break
      kept.delete(oldest)
    }
  }

  const known = (value: Value, mark: Mark): Kept<Value> => ({
    mark,
    reading: Promise.resolve(value),
    found: { value },
  })

  function begin(id: string, read: () => Promise<Value>): Kept<Value> {
    const entry: Kept<Value> = { mark: hearing.mark(), reading: read() }
    keep(id, entry)
    entry.reading.then(
      value => {
        entry.found = { value }
      },
      () => {
        if (kept.get(id) === entry) kept.delete(id)
      },
    )
    return entry
  }

  onChanged(db, topic, ids => {
    if (ids === 'all') kept.clear()
    else for (const id of ids) kept.delete(id)
  })

  return {
    async look(id, read) {
      const present = kept.get(id)
      const entry = present && hearing.holds(present.mark) ? present : begin(id, read)
      // The one asked for last is the last to go.
      if (entry === present) keep(id, entry)
      return {
        value: entry.found ? entry.found.value : await entry.reading,
        replace(next) {
          if (kept.get(id) === entry) keep(id, known(next, hearing.mark()))
          // What was amended meanwhile may be older than the successor.
          else kept.delete(id)
        },
      }
    },
    amend(id, change) {
      const entry = kept.get(id)
      if (entry?.found) kept.set(id, known(change(entry.found.value), entry.mark))
      else kept.delete(id)
    },
    forget: id => void kept.delete(id),
  }
}
