// Who must forget what. A transaction names what it changed, by topic and id; once it has committed, this process
// forgets at once and every other one hears of it by NOTIFY, which PostgreSQL sends with the commit or not at all.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'

export const changesChannel = 'oo_changes'

/** PostgreSQL takes less than 8,000 bytes. */
const longestNotice = 7_500

type Forget = (ids: readonly string[] | 'all') => void

/** What this process knows of changes, one for each pool. */
export interface Hub {
  /** Names this process in its own notices, which it need not hear. */
  from: string
  topics: Map<string, Forget[]>
  /** The listening connection: every other one begins with empty memories. Undefined while there is none. */
  listening: object | undefined
  /** By the process's own steady clock: until then nothing can have been missed for longer than a second. */
  trustedUntilMs: number
}

export type Told = Map<string, Set<string>>

const hubs = new WeakMap<pg.Pool, Hub>()

export function hubOf(pool: pg.Pool): Hub {
  const known = hubs.get(pool)
  if (known) return known
  const hub: Hub = { from: randomUUID(), topics: new Map(), listening: undefined, trustedUntilMs: 0 }
  hubs.set(pool, hub)
  return hub
}

/** Calls `forget` when something of this topic changed, here or elsewhere; with `all` when that is not known. */
export function onChanged(pool: { $client: pg.Pool }, topic: string, forget: Forget): void {
  const { topics } = hubOf(pool.$client)
  topics.set(topic, [...(topics.get(topic) ?? []), forget])
}

export function forgetHere(hub: Hub, topic: string, ids: readonly string[] | 'all'): void {
  for (const forget of hub.topics.get(topic) ?? []) forget(ids)
}

export function forgetEverything(hub: Hub): void {
  for (const topic of hub.topics.keys()) forgetHere(hub, topic, 'all')
}

/** Whether this was committed is not known: it is forgotten, and its notice, should it still come, is heard too. */
export function forgetUnsure(hub: Hub, told: Told): void {
  if (told.size === 0) return
  hub.from = randomUUID()
  for (const [topic, ids] of told) forgetHere(hub, topic, [...ids])
}

/** Notices as short as they must be; a line is the sender, then one a topic: its name and the ids. */
export function noticesOf({ from }: Hub, told: Told): string[] {
  const notices: string[] = []
  let notice = from
  for (const [topic, ids] of told) {
    let line = `\n${topic}`
    for (const id of ids) {
      if (notice.length + line.length + id.length + 1 > longestNotice) {
        notices.push(notice + line)
        notice = from
        line = `\n${topic}`
      }
      line += ` ${id}`
    }
    notice += line
  }
  return [...notices, notice]
}

/** A notice of another process; what cannot be read means that anything may have changed. */
export function hear(hub: Hub, notice: string): void {
  const [from, ...lines] = notice.split('\n')
  if (from === hub.from) return
  if (lines.length === 0) forgetEverything(hub)
  for (const line of lines) {
    const [topic = '', ...ids] = line.split(' ')
    forgetHere(hub, topic, ids)
  }
}
