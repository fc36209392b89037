// For accounts with more tasks than fit in one answer: page by page, the first 2,000.
import type { OpenTask } from '../../door.ts'
import type { TasksAsked } from '../connector.ts'
import { openWallClock } from '../wallClock.ts'
import { itemOf, openTaskOf } from './openTask.ts'
import type { Reader } from './sync.ts'

const pageSize = 200
const maxPages = 10

export async function readPages(
  { api, account }: Pick<Reader, 'api' | 'account'>,
  { timeZone }: Pick<TasksAsked, 'timeZone'>,
): Promise<{ tasks: OpenTask[] }> {
  const wall = openWallClock(timeZone)
  const tasks: OpenTask[] = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages && (page === 0 || cursor); page += 1) {
    const answer: Awaited<ReturnType<typeof api.getTasks>> = await api.getTasks({ cursor, limit: pageSize })
    for (const task of answer.results) {
      const item = itemOf(task, account)
      if (item) tasks.push(openTaskOf(item, wall))
    }
    cursor = answer.nextCursor
  }
  return { tasks }
}
