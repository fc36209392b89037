import type { Task } from '@doist/todoist-sdk'
import type { OpenTask, TaskAttributes } from '../../door.ts'
import { plainText } from '../plainText.ts'
import { openWallClock, type WallClock } from '../wallClock.ts'

/** A working day: what a duration in days means as effort. */
const minutesPerDay = 480

/** Undefined for what is not this person's to do: assigned to others, done, a heading, or without words. */
export function openTaskOf(task: Task, account: string, clock: WallClock): OpenTask | undefined {
  const others = task.responsibleUid !== null && task.responsibleUid !== account
  if (others || task.checked || task.isDeleted || task.isUncompletable) return undefined
  const text = plainText(task.content)
  if (text === '') return undefined
  return {
    source: 'todoist',
    externalId: task.id,
    text,
    // Not the SDK's own link: that one carries the words of the task.
    url: `https://app.todoist.com/app/task/${encodeURIComponent(task.id)}`,
    attributes: {
      priority: Math.min(4, Math.max(1, task.priority)),
      due: dueOf(task, clock),
      createdAt: validInstant(task.addedAt),
      effortMin: effortOf(task),
      recurring: task.due?.isRecurring ?? false,
    },
  }
}

const validInstant = (at: Date | null): string | null =>
  at && !Number.isNaN(at.getTime()) ? at.toISOString() : null

const effortOf = ({ duration }: Task): number | null =>
  duration && Math.round(duration.amount * (duration.unit === 'day' ? minutesPerDay : 1))

const day = /^\d{4}-\d{2}-\d{2}$/
const fixed = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/
const floating = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?$/

/** A day stays the day it names; a fixed time is an instant; a floating time is read on the person's own clock. */
function dueOf({ due, deadline }: Task, clock: WallClock): TaskAttributes['due'] {
  const at = due?.datetime ?? due?.date ?? deadline?.date
  if (!at) return null
  if (day.test(at)) return { date: at, time: null }
  if (fixed.test(at)) {
    const instant = new Date(at)
    if (Number.isNaN(instant.getTime())) return null
    return { date: clock.dayOf(instant), time: instant.toISOString() }
  }
  if (!floating.test(at)) return null
  const instant = (due?.timezone ? openWallClock(due.timezone) : clock).instantOf(at)
  if (!instant) return null
  return { date: due?.timezone ? clock.dayOf(instant) : at.slice(0, 10), time: instant.toISOString() }
}
