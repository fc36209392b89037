// The text of open tasks, in memory only: fresh for 30 s, then served while it is refreshed, dropped after
// 10 idle minutes, and never older than 30 minutes. Bounded by people and by bytes.
import type { Clock } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import type { Known } from './connectors/connector.ts'
import type { OpenTask } from './door.ts'

const freshMs = 30_000
const idleMs = 600_000
const oldestMs = 1_800_000
const maxPeople = 5_000
const maxBytes = 64_000_000
const maxAside = 50

export interface Shelf {
  grantId: string
  /** Whose clock the times were read by. */
  timeZone: string | null
  tasks: readonly OpenTask[]
  known: Known | undefined
  isFresh: boolean
  /** An open task, or one that oO completed a while ago. */
  find(externalId: string): OpenTask | undefined
}

export interface Memory {
  read(personId: string, source: string): Shelf | undefined
  /** What the last reading of this grant left; asking for it keeps nothing longer in memory. */
  knownOf(grant: { id: string; personId: string; provider: string }): Known | undefined
  /** `startedAtMs`: when the read at the provider began; what was completed since then is left out. */
  keep(
    personId: string,
    input: {
      source: string
      grantId: string
      timeZone: string | null
      tasks: OpenTask[]
      known?: Known | undefined
      startedAtMs: number
    },
  ): void
  /** A task was completed or reopened at the provider: shown so at once, read again at the next look. */
  completed(personId: string, source: string, externalId: string): void
  reopened(personId: string, source: string, externalId: string): void
  /** Something changed at the provider: still shown, and read again at the next look. */
  outdate(personId: string, source: string): void
  drop(personId: string, source: string): void
  dropIdle(): void
  count(): number
}

interface Kept {
  grantId: string
  timeZone: string | null
  tasks: readonly OpenTask[]
  known: Known | undefined
  readAtMs: number
  freshUntilMs: number
  /** Completed by oO: what an undo puts back, and since when it is not open. */
  aside: ReadonlyMap<string, { task: OpenTask | undefined; atMs: number }>
}

const bytesOf = (tasks: readonly OpenTask[]): number =>
  tasks.reduce((sum, task) => sum + 2 * task.text.length + 500, 200)

export function openMemory(clock: Clock): Memory {
  const now = () => clock.now().getTime()
  const shelves = new LRUCache<string, Kept>({
    max: maxPeople,
    maxSize: maxBytes,
    sizeCalculation: kept => bytesOf(kept.tasks) + (kept.known?.bytes ?? 0) + 1_000 * kept.aside.size,
    ttl: idleMs,
    ttlResolution: 0,
    updateAgeOnGet: true,
    perf: { now },
  })
  const keyOf = (personId: string, source: string) => `${personId} ${source}`

  function read(personId: string, source: string): Kept | undefined {
    const kept = shelves.get(keyOf(personId, source))
    if (!kept || now() - kept.readAtMs <= oldestMs) return kept
    shelves.delete(keyOf(personId, source))
    return undefined
  }

  return {
    read(personId, source) {
      const kept = read(personId, source)
      if (!kept) return undefined
      const { grantId, timeZone, tasks, known, aside } = kept
      return {
        grantId,
        timeZone,
        tasks,
        known,
        isFresh: now() < kept.freshUntilMs,
        find: id => tasks.find(task => task.externalId === id) ?? aside.get(id)?.task,
      }
    },
    knownOf({ id, personId, provider }) {
      const kept = shelves.peek(keyOf(personId, provider))
      return kept?.grantId === id && now() - kept.readAtMs <= oldestMs ? kept.known : undefined
    },
    keep(personId, { source, grantId, timeZone, tasks, known, startedAtMs }) {
      const before = shelves.peek(keyOf(personId, source))
      const aside = new Map(before?.grantId === grantId ? before.aside : [])
      const doneSince = new Set([...aside].filter(([, { atMs }]) => atMs >= startedAtMs).map(([id]) => id))
      for (const { externalId } of tasks) if (!doneSince.has(externalId)) aside.delete(externalId)
      shelves.set(keyOf(personId, source), {
        grantId,
        timeZone,
        tasks: tasks.filter(task => !doneSince.has(task.externalId)),
        known,
        readAtMs: now(),
        freshUntilMs: doneSince.size > 0 ? 0 : now() + freshMs,
        aside,
      })
    },
    completed(personId, source, externalId) {
      const kept = read(personId, source)
      if (!kept) return
      const task = kept.tasks.find(open => open.externalId === externalId) ?? kept.aside.get(externalId)?.task
      const aside = new Map(kept.aside).set(externalId, { task, atMs: now() })
      for (const id of aside.keys()) if (aside.size > maxAside) aside.delete(id)
      const tasks = kept.tasks.filter(open => open.externalId !== externalId)
      shelves.set(keyOf(personId, source), { ...kept, tasks, aside, freshUntilMs: 0 })
    },
    reopened(personId, source, externalId) {
      const kept = read(personId, source)
      if (!kept) return
      const aside = new Map(kept.aside)
      const task = aside.get(externalId)?.task
      aside.delete(externalId)
      const others = kept.tasks.filter(open => open.externalId !== externalId)
      const tasks = task ? [...others, task] : kept.tasks
      shelves.set(keyOf(personId, source), { ...kept, tasks, aside, freshUntilMs: 0 })
    },
    outdate(personId, source) {
      const kept = shelves.peek(keyOf(personId, source))
      if (kept) shelves.set(keyOf(personId, source), { ...kept, freshUntilMs: 0 }, { noUpdateTTL: true })
    },
    drop: (personId, source) => void shelves.delete(keyOf(personId, source)),
    dropIdle: () => void shelves.purgeStale(),
    count: () => shelves.size,
  }
}
