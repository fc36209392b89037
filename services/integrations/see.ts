// What one look at a source finds: by the provider's list of changes where it has one, by comparing all that is open
// where it has not.
import {
  isTrouble,
  type Known as LastRead,
  type OpenItem,
  type TaskApp,
  type TaskState,
  type Tokens,
} from './connectors/connector.ts'
import type { Grant } from './store.ts'
import type { Known } from './storeLooks.ts'

/** The rest is found by the next look, which follows at once where this one found something. */
const mostClosed = 50
const mostOpen = 2_000
/** Now and then everything is compared, so that a change that was never told does not stay unseen. */
const wholeEveryMs = 6 * 3_600_000

export interface Seen {
  account: string
  /** To be remembered as open. */
  open: Known[]
  /** `isOpen`: an occurrence of a recurring task; the task itself goes on. */
  completed: { externalId: string; at: Date | null; isOpen: boolean }[]
  removed: string[]
  /** Open still, and not listed: they wait behind those that were not asked about as lately. */
  unlisted: string[]
  /** More closed than one look takes. */
  isPartial: boolean
  /** How far changes were read; null where all has to be compared again. */
  mark: string | null
  isWhole: boolean
}

interface Asked {
  grant: Grant
  known: readonly Known[]
  /** For a source that cannot say what changed. */
  lastRead: LastRead | undefined
  timeZone: string | null
  now: Date
  signal: AbortSignal
}

export async function see(app: TaskApp, tokens: Tokens, asked: Asked): Promise<Seen> {
  const { grant, known, lastRead, timeZone, now, signal } = asked
  const isRecent = now.getTime() - (grant.readWholeAt?.getTime() ?? 0) < wholeEveryMs
  const changes = await app.changes?.(tokens, isRecent ? grant.changesMark : null, signal)
  if (!changes) {
    const { tasks } = await app.read(tokens, { timeZone, known: lastRead }, signal)
    const open = tasks.map(task => ({ id: task.externalId, nextDue: null, toldUntil: null }))
    const seen = await compare(app, tokens, { asked, open, listed: new Set(open.map(({ id }) => id)) })
    return { ...seen, mark: null }
  }
  const wasOpen = new Set(known.map(({ id }) => id))
  const theirs = changes.open.filter(({ isTheirs }) => isTheirs)
  const { open, occurrences } = await moved(app, tokens, { asked, items: theirs })
  // What others are to do now is nobody's completion here, whoever completes it.
  const handedOn = changes.open.flatMap(({ externalId, isTheirs }) =>
    !isTheirs && wasOpen.has(externalId) ? [externalId] : [],
  )
  if (changes.isWhole) {
    const listed = new Set(changes.open.map(({ externalId }) => externalId))
    const seen = await compare(app, tokens, { asked, open, listed })
    seen.completed.push(...occurrences)
    seen.removed.push(...handedOn)
    return { ...seen, mark: seen.isPartial ? null : changes.mark }
  }
  const seen = nothing(tokens.account, open)
  seen.completed.push(...occurrences)
  seen.removed.push(...handedOn)
  for (const { externalId, state } of changes.closed)
    if (wasOpen.has(externalId)) add(seen, externalId, state)
  return { ...seen, mark: changes.mark, isWhole: false }
}

const nothing = (account: string, open: Known[]): Seen => ({
  account,
  open,
  completed: [],
  removed: [],
  unlisted: [],
  isPartial: false,
  mark: null,
  isWhole: true,
})

function add(seen: Seen, externalId: string, state: TaskState): void {
  if (state.is === 'completed') seen.completed.push({ externalId, at: state.at, isOpen: false })
  else if (state.is === 'gone') seen.removed.push(externalId)
  else seen.unlisted.push(externalId)
}

/** Asks what became of those that were open and are not listed. */
async function compare(
  app: TaskApp,
  tokens: Tokens,
  { asked, open, listed }: { asked: Asked; open: Known[]; listed: ReadonlySet<string> },
): Promise<Seen> {
  const closed = asked.known.flatMap(({ id }) => (listed.has(id) ? [] : [id]))
  const seen = { ...nothing(tokens.account, open), isPartial: closed.length > mostClosed }
  for (const id of closed.slice(0, mostClosed)) add(seen, id, await stateOf(app, tokens, id, asked.signal))
  return seen
}

/** One task of which nothing sensible is said waits; the others are recorded. */
async function stateOf(app: TaskApp, tokens: Tokens, id: string, signal: AbortSignal): Promise<TaskState> {
  try {
    return await app.taskState(tokens, id, signal)
  } catch (error) {
    if (isTrouble(error, 'garbage')) return { is: 'open' }
    throw error
  }
}

/**
 * A recurring task that waits for another date than before was done or put off. Only the provider's record of what was
 * done tells the two apart; where it has none, nothing is said.
 */
async function moved(
  app: TaskApp,
  tokens: Tokens,
  { asked, items }: { asked: Asked; items: readonly OpenItem[] },
): Promise<{ open: Known[]; occurrences: Seen['completed'] }> {
  const before = new Map(asked.known.map(item => [item.id, item]))
  const open: Known[] = []
  const toAsk = new Map<string, { item: Known; since: Date }>()
  for (const { externalId: id, next } of items) {
    const known = before.get(id)
    if (!known && open.length >= mostOpen) continue
    const item: Known = { id, nextDue: next?.due ?? null, toldUntil: known?.toldUntil ?? null }
    open.push(item)
    if (!next) continue
    if (known?.toldUntil && known.nextDue !== null && known.nextDue !== next.due)
      toAsk.set(id, { item, since: known.toldUntil })
    else item.toldUntil ??= next.changedAt ?? asked.now
  }
  if (toAsk.size === 0) return { open, occurrences: [] }
  const since = new Date(Math.min(...[...toAsk.values()].map(({ since }) => since.getTime())))
  const found = (await app.occurrences?.(tokens, since, asked.signal)) ?? []
  const occurrences: Seen['completed'] = []
  for (const { externalId, at } of found.toReversed()) {
    const moved = toAsk.get(externalId)
    if (!moved || at <= moved.since) continue
    moved.item.toldUntil = at
    occurrences.push({ externalId, at, isOpen: true })
  }
  return { open, occurrences }
}
