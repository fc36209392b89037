import { type Fields, textOf } from '../read.ts'
import type { Account, Activity, Task } from './account.ts'
import { invalid } from './errors.ts'
import { pageOf } from './paging.ts'

const maxRangeDays = 93

function range(query: Fields): { since: number; until: number } {
  const since = Date.parse(textOf(query.since) ?? '')
  const until = Date.parse(textOf(query.until) ?? '')
  if (Number.isNaN(since) || Number.isNaN(until)) throw invalid('since and until must be dates')
  if (until - since > maxRangeDays * 86_400_000)
    throw invalid('The range between since and until is longer than 3 months')
  return { since, until }
}

/** Finished tasks, newest first. An occurrence of a recurring task is not here, only in the activity log, as at Todoist. */
export function completedTasks(account: Account, query: Fields, by: 'completion' | 'due'): Fields {
  const { since, until } = range(query)
  const project = textOf(query.project_id)
  const at = (task: Task) => Date.parse((by === 'due' ? task.due?.date : task.completed_at) ?? '')
  const rows = [...account.tasks.values()]
    .filter(task => task.checked && !task.is_deleted && at(task) >= since && at(task) <= until)
    .filter(task => project === undefined || task.project_id === project)
    .sort((a, b) => (b.completed_at ?? '').localeCompare(a.completed_at ?? ''))
  const { results, next_cursor } = pageOf(rows, query)
  return { items: results, next_cursor }
}

function eventOf(activity: Activity): Fields & { id: number } {
  return {
    id: activity.id,
    object_type: 'item',
    object_id: activity.task.id,
    event_type: activity.event,
    event_date: activity.at,
    parent_project_id: activity.task.project_id,
    parent_item_id: activity.task.parent_id,
    initiator_id: null,
    extra_data: {
      content: activity.task.content,
      due_date: activity.task.due?.date ?? null,
      is_recurring: activity.recurring,
    },
  }
}

/** The activity log, newest first; `object_event_types` as the SDK sends it, for example ["item:completed"]. */
export function activityLog(account: Account, query: Fields): Fields {
  const types = (textOf(query.object_event_types) ?? '').match(/[a-z_]+:?[a-z_]*/g) ?? []
  const [from, to] = [textOf(query.date_from), textOf(query.date_to)]
  const keep = (event: Fields): boolean => {
    const day = String(event.event_date).slice(0, 10)
    const named = types.some(
      type => type === 'item' || type === 'item:' || type === `item:${event.event_type}`,
    )
    return (types.length === 0 || named) && (!from || day >= from) && (!to || day <= to)
  }
  return pageOf(account.activities.map(eventOf).reverse(), query, keep)
}
