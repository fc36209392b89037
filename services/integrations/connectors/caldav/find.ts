// One task, in whichever list it is now.
import type { Clock } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import { isTrouble } from '../connector.ts'
import { listsOf } from './discover.ts'
import { type Item, readItem } from './items.ts'
import { uidOf } from './openTask.ts'
import { addressIn, placeOf } from './taskId.ts'
import { type Dav, Forbidden, type SignIn } from './transport.ts'

export interface Access extends SignIn {
  homes: URL[]
}

export interface Finder {
  /** Undefined when it is in no list. */
  find(access: Access, id: string, signal: AbortSignal): Promise<Item | undefined>
}

const mostAccounts = 1_000
/** Many are looked for one after another; each need not ask for the lists. */
const listsKeptMs = 30_000
const listsAtOnce = 4

export function openFinder(at: Dav, clock: Clock): Finder {
  const known = new LRUCache<string, readonly URL[]>({
    max: mostAccounts,
    ttl: listsKeptMs,
    perf: { now: () => clock.now().getTime() },
  })

  async function freshLists(access: Access, signal: AbortSignal): Promise<readonly URL[]> {
    const urls = (await listsOf(at, access, access.homes, signal)).map(({ url }) => url)
    known.set(keyOf(access), urls)
    return urls
  }

  return {
    async find(access, id, signal) {
      const kept = known.get(keyOf(access))
      const found = kept && (await findIn(at, access, { lists: kept, id, signal }))
      // Before it is said to be gone, the lists are those of now.
      return found ?? findIn(at, access, { lists: await freshLists(access, signal), id, signal })
    },
  }
}

const keyOf = ({ user, homes }: Access): string => [user, ...homes.map(({ href }) => href)].join(' ')

interface Wanted {
  lists: readonly URL[]
  id: string
  signal: AbortSignal
}

async function findIn(at: Dav, access: Access, { lists, id, signal }: Wanted): Promise<Item | undefined> {
  const { uid, file } = placeOf(id)
  for (let from = 0; from < lists.length; from += listsAtOnce) {
    const some = lists.slice(from, from + listsAtOnce)
    const asked = some.map(list => readItem(at, access, addressIn(list, file), signal).catch(nothingHere))
    const item = (await Promise.all(asked)).find(one => one && uidOf(one.calendar) === uid)
    if (item) return item
  }
  return undefined
}

function nothingHere(error: unknown): undefined {
  if (!isTrouble(error, 'gone') && !(error instanceof Forbidden)) throw error
}
