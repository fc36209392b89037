// Todoist's Sync API: everything once, then only what changed since. Only tasks are asked for: sections, labels and
// the user hold nothing the engine uses that a task does not say itself.
import type { Task, TodoistApi } from '@doist/todoist-sdk'
import type { OpenTask } from '../../door.ts'
import { ConnectorTrouble, type Known, type TaskChanges, type TasksAsked } from '../connector.ts'
import { openWallClock } from '../wallClock.ts'
import { type Item, isForThem, isTheirs, itemOf, openTaskOf, validInstant } from './openTask.ts'

/** Now and then all is read again, so that a change that was never told does not stay unseen. */
export const wholeEveryMs = 4 * 3_600_000
const mostTasks = 2_000
/** Beside its words, which the tasks on the shelf share. */
const bytesPerItem = 300

/** How far an account's changes were read, and what was open then. */
class TodoistKnown implements Known {
  readonly account: string
  readonly token: string
  readonly wholeAtMs: number
  readonly items: ReadonlyMap<string, Item>
  readonly bytes: number

  constructor(account: string, token: string, wholeAtMs: number, items: ReadonlyMap<string, Item>) {
    this.account = account
    this.token = token
    this.wholeAtMs = wholeAtMs
    this.items = items
    this.bytes = 500 + bytesPerItem * items.size
  }
}

interface Synced {
  token: string
  isWhole: boolean
  tasks: readonly Task[]
}

async function syncItems(api: TodoistApi, token: string | null): Promise<Synced> {
  const answer = await api.sync({ syncToken: token ?? '*', resourceTypes: ['items'] })
  const { syncToken, fullSync, items } = answer
  if (!syncToken || fullSync === undefined || !items)
    throw new ConnectorTrouble('garbage', 'the answer lacks what was asked for')
  return { token: syncToken, isWhole: fullSync, tasks: items }
}

export interface Reader {
  api: TodoistApi
  account: string
  nowMs: number
}

export async function readTasks(
  { api, account, nowMs }: Reader,
  { known, timeZone }: TasksAsked,
): Promise<{ tasks: OpenTask[]; known: Known }> {
  const before =
    known instanceof TodoistKnown && known.account === account && nowMs - known.wholeAtMs < wholeEveryMs
      ? known
      : undefined
  const synced = await syncItems(api, before?.token ?? null)
  const kept = synced.isWhole ? undefined : before
  const items = new Map(kept?.items)
  for (const task of synced.tasks) {
    const item = itemOf(task, account)
    if (!item) items.delete(task.id)
    else if (items.has(item.id) || items.size < mostTasks) items.set(item.id, item)
  }
  const wall = openWallClock(timeZone)
  return {
    tasks: [...items.values()].map(item => openTaskOf(item, wall)),
    known: new TodoistKnown(account, synced.token, kept?.wholeAtMs ?? nowMs, items),
  }
}

export async function readChanges(
  { api, account }: Pick<Reader, 'api' | 'account'>,
  mark: string | null,
): Promise<TaskChanges> {
  const synced = await syncItems(api, mark)
  const changes: TaskChanges = { mark: synced.token, isWhole: synced.isWhole, open: [], closed: [] }
  for (const task of synced.tasks) {
    const { id: externalId, due } = task
    // One that was assigned to others is theirs to complete.
    if (task.isDeleted || (task.checked && !isForThem(task, account)))
      changes.closed.push({ externalId, state: { is: 'gone' } })
    else if (task.checked) {
      const at = validInstant(task.completedAt)
      changes.closed.push({ externalId, state: { is: 'completed', at } })
    } else {
      const next = due?.isRecurring
        ? { due: due.datetime ?? due.date, changedAt: validInstant(task.updatedAt) }
        : null
      changes.open.push({ externalId, isTheirs: isTheirs(task, account), next })
    }
  }
  return changes
}
