// Todoist's log of activities: the only place that remembers a completed occurrence of a recurring task.
import type { TodoistApi } from '@doist/todoist-sdk'
import type { Occurrence } from '../connector.ts'

const pageSize = 100
const maxPages = 5
const dayMs = 86_400_000

/** Newest first. A day more is asked for, because the log is asked by days, and whose days is not said. */
export async function readOccurrences(api: TodoistApi, since: Date): Promise<Occurrence[]> {
  const dateFrom = new Date(since.getTime() - dayMs).toISOString().slice(0, 10)
  const found: Occurrence[] = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages && (page === 0 || cursor); page += 1) {
    const asked = { objectEventTypes: ['task:completed' as const], dateFrom, limit: pageSize, cursor }
    const answer: Awaited<ReturnType<typeof api.getActivityLogs>> = await api.getActivityLogs(asked)
    for (const { objectId, eventType, eventDate, extraData } of answer.results)
      if (eventType === 'completed' && eventDate > since && extraData?.isRecurring !== false)
        found.push({ externalId: objectId, at: eventDate })
    cursor = answer.results.some(({ eventDate }) => eventDate > since) ? answer.nextCursor : null
  }
  return found
}
