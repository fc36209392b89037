// All open tasks of an account, asking only for what is not known yet.
import type { OpenTask } from '../../door.ts'
import { isTrouble, type Known } from '../connector.ts'
import type { TaskList } from './discover.ts'
import { type Item, type Listing, listChanges, listOpen, readItems } from './items.ts'
import { readTask } from './openTask.ts'
import { fileAt } from './taskId.ts'
import { type Dav, Forbidden, type SignIn } from './transport.ts'
import { openZones, type Zones } from './zones.ts'

/** What a reading leaves for the next one. Read in another time zone, it is of no use and not used. */
class KnownLists implements Known {
  readonly timeZone: string | null
  readonly lists: ReadonlyMap<string, KnownList>
  readonly bytes: number

  constructor(timeZone: string | null, lists: ReadonlyMap<string, KnownList>) {
    this.timeZone = timeZone
    this.lists = lists
    this.bytes = [...lists.values()].reduce((sum, { items }) => sum + bytesOf(items), 500)
  }
}

interface KnownList {
  mark: string | null
  syncToken: string | null
  items: ReadonlyMap<string, KnownItem>
}

interface KnownItem {
  etag: string
  /** Null: nothing to do. */
  task: OpenTask | null
}

export interface Reading {
  tasks: OpenTask[]
  known: Known
}

/** Roughly: a path and a mark, and for a task its words and numbers. */
function bytesOf(items: ReadonlyMap<string, KnownItem>): number {
  let bytes = 500
  for (const [path, { task }] of items)
    bytes += 300 + 2 * path.length + (task ? 500 + 2 * task.text.length : 0)
  return bytes
}

const mostTasks = 2_000
/** Read at most, however many of them turn out to be no tasks. */
const mostItems = 4_000
const listsAtOnce = 4

export async function readTasks(
  at: Dav,
  as: SignIn,
  asked: {
    lists: readonly TaskList[]
    timeZone: string | null
    known?: Known | undefined
    signal: AbortSignal
  },
): Promise<Reading> {
  const { lists, timeZone, signal } = asked
  const before = asked.known instanceof KnownLists && asked.known.timeZone === timeZone ? asked.known : null
  const zones = openZones(timeZone)
  const budget = { items: mostItems }
  const read = new Map<string, KnownList>()
  for (let from = 0; from < lists.length; from += listsAtOnce) {
    const some = lists.slice(from, from + listsAtOnce).map(async list => {
      const known = before?.lists.get(list.url.pathname)
      const now = await readList(at, as, { list, before: known, zones, budget, signal })
      if (now) read.set(list.url.pathname, now)
    })
    await Promise.all(some)
  }
  return { tasks: tasksIn(lists, read), known: new KnownLists(timeZone, read) }
}

/** In the lists' own order, each task once: a copy in another list is the same task. */
function tasksIn(lists: readonly TaskList[], read: ReadonlyMap<string, KnownList>): OpenTask[] {
  const tasks = new Map<string, OpenTask>()
  for (const { url } of lists) {
    for (const { task } of read.get(url.pathname)?.items.values() ?? []) {
      if (task && tasks.size < mostTasks && !tasks.has(task.externalId)) tasks.set(task.externalId, task)
    }
  }
  return [...tasks.values()]
}

interface ListReading {
  list: TaskList
  before: KnownList | undefined
  zones: Zones
  budget: { items: number }
  signal: AbortSignal
}

/** Undefined for a list that went away meanwhile, or that this person may not read: the others still count. */
async function readList(at: Dav, as: SignIn, reading: ListReading): Promise<KnownList | undefined> {
  const { list, before } = reading
  if (before && list.mark !== null && list.mark === before.mark) return before
  try {
    const { items, isCut } = await itemsNow(at, as, reading)
    // What was left over is looked for by the next reading.
    return isCut ? { mark: null, syncToken: null, items } : { ...list, items }
  } catch (error) {
    if (isNotHere(error)) return undefined
    throw error
  }
}

/** The account itself was let in a moment ago. */
const isNotHere = (error: unknown): boolean => isTrouble(error, 'gone') || error instanceof Forbidden

async function itemsNow(
  at: Dav,
  as: SignIn,
  reading: ListReading,
): Promise<{ items: Map<string, KnownItem>; isCut: boolean }> {
  const { list, before, zones, budget, signal } = reading
  const since = list.syncToken === null ? null : before?.syncToken
  const changes = since ? await listChanges(at, as, { list, since, signal }) : undefined
  const listing = changes ?? (await listOpen(at, as, list, signal))
  const items = changes ? new Map(before?.items) : stillThere(before, listing)
  for (const path of listing.gone) items.delete(path)
  const wanted = [...listing.present].filter(([path, etag]) => items.get(path)?.etag !== etag)
  const paths = wanted.map(([path]) => path).slice(0, Math.max(0, budget.items))
  budget.items -= paths.length
  const found = new Map<string, Item>()
  for (const item of await readItems(at, as, { list, paths, signal })) found.set(item.url.pathname, item)
  for (const path of paths) {
    const item = found.get(path)
    const etag = item?.etag ?? listing.present.get(path)
    if (item && etag)
      items.set(path, { etag, task: readTask(item.calendar, { zones, file: fileAt(path) }) ?? null })
    else items.delete(path)
  }
  return { items, isCut: paths.length < wanted.length }
}

const stillThere = (before: KnownList | undefined, { present }: Listing): Map<string, KnownItem> =>
  new Map([...(before?.items ?? [])].filter(([path]) => present.has(path)))
