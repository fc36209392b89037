// What was completed before: tasks from the list of completed ones, occurrences of recurring tasks from the log of
// activities, a page at a time. A place says where the next page begins.
import type { TodoistApi } from '@doist/todoist-sdk'
import type { PastAsked, PastDone, PastPage } from '../connector.ts'
import { effortOf } from './openTask.ts'

const taskPages = 200
const logPages = 100

export async function readPastTasks(api: TodoistApi, asked: PastAsked): Promise<PastPage> {
  const { items, nextCursor } = await api.getCompletedTasksByCompletionDate({
    since: asked.since.toISOString(),
    until: asked.until.toISOString(),
    limit: taskPages,
    cursor: asked.place?.slice(taskPlace.length) || null,
  })
  const done = items.flatMap(({ completedAt, priority, ...task }): PastDone[] =>
    completedAt && !Number.isNaN(completedAt.getTime())
      ? [{ at: completedAt, priority, effortMin: effortOf(task), recurring: false }]
      : [],
  )
  return { done, next: nextCursor === null ? logPlace : `${taskPlace}${nextCursor}` }
}

export async function readPastOccurrences(api: TodoistApi, asked: PastAsked): Promise<PastPage> {
  const { results, nextCursor } = await api.getActivityLogs({
    objectEventTypes: ['task:completed'],
    dateFrom: asked.since.toISOString().slice(0, 10),
    limit: logPages,
    cursor: asked.place?.slice(logPlace.length) || null,
  })
  const done = results
    .filter(({ eventType, extraData }) => eventType === 'completed' && extraData?.isRecurring === true)
    .filter(({ eventDate }) => eventDate >= asked.since && eventDate <= asked.until)
    .map(({ eventDate }): PastDone => ({ at: eventDate, priority: 0, effortMin: null, recurring: true }))
  return { done, next: nextCursor === null ? null : `${logPlace}${nextCursor}` }
}

const taskPlace = 'tasks '
const logPlace = 'log '
export const isInLog = (place: string | null): boolean => place?.startsWith(logPlace) ?? false
