import type { Task } from '@doist/todoist-sdk'
import type { OpenTask, TaskAttributes } from '../../door.ts'
import { plainText } from '../plainText.ts'
import { openWallClock, type WallClock } from '../wallClock.ts'

/** What oO keeps of a task in memory; all that depends on the person's zone is worked out when it is asked for. */
export interface Item {
  id: string
  text: string
  priority: number
  due: { at: string; zone: string | null } | null
  createdAt: string | null
  effortMin: number | null
  recurring: boolean
}

/** Neither assigned to others nor a heading. */
export const isForThem = (task: Task, account: string): boolean =>
  (task.responsibleUid === null || task.responsibleUid === account) && !task.isUncompletable

/** This person's to do: also neither done nor deleted. */
export const isTheirs = (task: Task, account: string): boolean =>
  isForThem(task, account) && !task.checked && !task.isDeleted

/** Undefined for what is not this person's to do, or without words. */
export function itemOf(task: Task, account: string): Item | undefined {
  const text = isTheirs(task, account) ? plainText(task.content) : ''
  if (text === '') return undefined
  const { due, deadline } = task
  const at = due?.datetime ?? due?.date ?? deadline?.date
  return {
    id: task.id,
    text,
    priority: Math.min(4, Math.max(1, task.priority)),
    due: at ? { at, zone: due?.timezone ?? null } : null,
    createdAt: validInstant(task.addedAt)?.toISOString() ?? null,
    effortMin: effortOf(task),
    recurring: due?.isRecurring ?? false,
  }
}

export const openTaskOf = (item: Item, clock: WallClock): OpenTask => ({
  source: 'todoist',
  externalId: item.id,
  text: item.text,
  // Not the SDK's own link: that one carries the words of the task.
  url: `https://app.todoist.com/app/task/${encodeURIComponent(item.id)}`,
  attributes: {
    priority: item.priority,
    due: dueOf(item, clock),
    createdAt: item.createdAt,
    effortMin: item.effortMin,
    recurring: item.recurring,
  },
})

export const validInstant = (at: Date | null): Date | null => (at && !Number.isNaN(at.getTime()) ? at : null)

/** A working day: what a duration in days means as effort. */
const minutesPerDay = 480

/** A label such as `15min` or `1h` says the same as a duration, for those whose plan has none. */
const lengthLabel = /^(\d{1,3}) ?(m|mins?|minutes?|h|hrs?|hours?)$/i

export function effortOf({ duration, labels }: Pick<Task, 'duration' | 'labels'>): number | null {
  if (duration) return Math.round(duration.amount * (duration.unit === 'day' ? minutesPerDay : 1))
  for (const label of labels) {
    const [, amount, unit] = lengthLabel.exec(label) ?? []
    const minutes = Number(amount) * (unit?.toLowerCase().startsWith('h') ? 60 : 1)
    if (minutes > 0) return minutes
  }
  return null
}

const day = /^\d{4}-\d{2}-\d{2}$/
const fixed = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/
const floating = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?$/

/** A day stays the day it names; a fixed time is an instant; a floating time is read on the person's own clock. */
function dueOf({ due }: Item, clock: WallClock): TaskAttributes['due'] {
  if (!due) return null
  const { at, zone } = due
  if (day.test(at)) return { date: at, time: null }
  if (fixed.test(at)) {
    const instant = new Date(at)
    if (Number.isNaN(instant.getTime())) return null
    return { date: clock.dayOf(instant), time: instant.toISOString() }
  }
  if (!floating.test(at)) return null
  const instant = (zone ? openWallClock(zone) : clock).instantOf(at)
  if (!instant) return null
  return { date: zone ? clock.dayOf(instant) : at.slice(0, 10), time: instant.toISOString() }
}
