import { type Fields, textOf, textsOf, wholeOf } from '../read.ts'
import {
  type Account,
  type Due,
  idFor,
  inboxOf,
  record,
  stamp,
  type Task,
  type TaskEvent,
} from './account.ts'
import { dueFromFields, nextDue } from './due.ts'
import { invalid, notFound } from './errors.ts'

const maxTasks = 2_000

/** What a change tells the world: one event, the task after it, and before it where the provider says so. */
export type Change = {
  event: TaskEvent
  task: Task
  before?: Task
  intent?: 'item_completed' | 'item_updated'
}
export type Told = (change: Change) => void

export type TaskWorld = { account: Account; now: Date; life: string; told: Told }

export function taskOf(account: Account, id: string): Task {
  const task = account.tasks.get(id)
  if (!task || task.is_deleted) throw notFound('Task')
  return task
}

const childrenOf = (account: Account, id: string): Task[] =>
  [...account.tasks.values()].filter(task => task.parent_id === id && !task.is_deleted)

function touch({ account, now, told }: TaskWorld, change: Change): void {
  account.version += 1
  account.changed.set(change.task.id, account.version)
  change.task.updated_at = stamp(now)
  const recurring = change.intent === 'item_completed'
  record(account, recurring ? 'completed' : change.event, change.task, stamp(now), recurring)
  told({ ...change, task: structuredClone(change.task) })
}

/** Reads what a create or an update may set; a wrong value is refused in a sentence, nothing is half applied. */
function readFields(fields: Fields, account: Account, now: Date): Partial<Task> {
  const set: Partial<Task> = {}
  const content = fields.content
  if (content !== undefined) {
    const text = textOf(content)?.trim()
    if (!text || text.length > 500) throw invalid('content must be a text of 1 to 500 characters')
    set.content = text
  }
  const description = fields.description
  if (description !== undefined) set.description = (textOf(description) ?? '').slice(0, 16_383)
  if (fields.labels !== undefined) set.labels = textsOf(fields.labels)
  if (fields.priority !== undefined) {
    const priority = wholeOf(fields.priority)
    if (!priority || priority < 1 || priority > 4) throw invalid('priority must be 1, 2, 3 or 4')
    set.priority = priority
  }
  const amount = wholeOf(fields.duration)
  if (amount !== undefined && amount > 0) {
    set.duration = { amount, unit: fields.duration_unit === 'day' ? 'day' : 'minute' }
  }
  const deadline = textOf(fields.deadline_date)
  if (deadline !== undefined) set.deadline = { date: deadline, lang: 'en' }
  if (fields.deadline_date === null) set.deadline = null
  const due = dueFromFields(fields, account.zone.today(now))
  if (due === undefined) throw invalid('Date is not understood')
  if (due !== 'unchanged') set.due = due
  if (fields.responsible_uid !== undefined) set.responsible_uid = textOf(fields.responsible_uid) ?? null
  const order = wholeOf(fields.child_order)
  if (order !== undefined) set.child_order = order
  return set
}

function readPlace(fields: Fields, account: Account): Partial<Task> {
  const parent = textOf(fields.parent_id)
  if (parent !== undefined) return { parent_id: parent, project_id: taskOf(account, parent).project_id }
  const project = textOf(fields.project_id)
  if (project === undefined) return {}
  if (!account.projects.some(known => known.id === project)) throw notFound('Project')
  return { project_id: project, parent_id: null }
}

export function createTask(world: TaskWorld, fields: Fields): Task {
  const { account, now } = world
  if (account.tasks.size >= maxTasks) throw invalid('Maximum number of items per user limit reached')
  if (fields.content === undefined) throw invalid('Required argument is missing: content')
  const number = account.tasks.size + 1
  const task: Task = {
    ...blankTask(account, idFor(account.userId, world.life, String(number)), stamp(now)),
    child_order: number,
    ...readFields(fields, account, now),
    ...readPlace(fields, account),
  }
  account.tasks.set(task.id, task)
  touch(world, { event: 'added', task })
  return task
}

export function blankTask(account: Account, id: string, at: string): Task {
  return {
    id,
    user_id: account.userId,
    project_id: inboxOf(account),
    section_id: null,
    parent_id: null,
    added_by_uid: account.userId,
    assigned_by_uid: null,
    responsible_uid: null,
    labels: [],
    deadline: null,
    duration: null,
    is_collapsed: false,
    checked: false,
    is_deleted: false,
    added_at: at,
    completed_at: null,
    completed_by_uid: null,
    updated_at: at,
    due: null,
    priority: 1,
    child_order: 0,
    content: '',
    description: '',
    note_count: 0,
    day_order: -1,
  }
}

export function updateTask(world: TaskWorld, id: string, fields: Fields): Task {
  const task = taskOf(world.account, id)
  const before = structuredClone(task)
  Object.assign(task, readFields(fields, world.account, world.now))
  touch(world, { event: 'updated', task, before, intent: 'item_updated' })
  return task
}

/** Put off, by hand: a recurring task keeps its rule and waits for another date, and nothing was done. */
export function postponeTask(world: TaskWorld, id: string, to: string): Task {
  const task = taskOf(world.account, id)
  if (!task.due || !/^\d{4}-\d{2}-\d{2}$/.test(to)) throw invalid('to must be a date, of a task that has one')
  const before = structuredClone(task)
  task.due = { ...task.due, date: `${to}${task.due.date.slice(10)}` }
  touch(world, { event: 'updated', task, before, intent: 'item_updated' })
  return task
}

export function moveTask(world: TaskWorld, id: string, fields: Fields): Task {
  const task = taskOf(world.account, id)
  const before = structuredClone(task)
  Object.assign(task, readPlace(fields, world.account))
  touch(world, { event: 'updated', task, before, intent: 'item_updated' })
  return task
}

function check(world: TaskWorld, task: Task): void {
  for (const child of childrenOf(world.account, task.id)) if (!child.checked) check(world, child)
  task.checked = true
  task.completed_at = stamp(world.now)
  task.completed_by_uid = world.account.userId
  touch(world, { event: 'completed', task })
}

/** Closing a recurring task moves it to its next date; any other is checked, with its sub-tasks. */
export function closeTask(world: TaskWorld, id: string, forGood = false): Task {
  const task = taskOf(world.account, id)
  if (task.checked) return task
  if (!task.due?.is_recurring || forGood) {
    check(world, task)
    return task
  }
  return advanceTask(world, id, nextDue(task.due, world.account.zone.today(world.now)))
}

/** One occurrence is done: the task stays open and waits for its next date. */
export function advanceTask(world: TaskWorld, id: string, due: Due): Task {
  const task = taskOf(world.account, id)
  const before = structuredClone(task)
  task.due = due
  touch(world, { event: 'updated', task, before, intent: 'item_completed' })
  return task
}

/** Reopens a task and the completed tasks above it. */
export function reopenTask(world: TaskWorld, id: string): Task {
  const task = taskOf(world.account, id)
  if (!task.checked) return task
  task.checked = false
  task.completed_at = null
  task.completed_by_uid = null
  touch(world, { event: 'uncompleted', task })
  if (task.parent_id && world.account.tasks.get(task.parent_id)?.checked) reopenTask(world, task.parent_id)
  return task
}

export function deleteTask(world: TaskWorld, id: string): Task {
  const task = taskOf(world.account, id)
  for (const child of childrenOf(world.account, id)) deleteTask(world, child.id)
  task.is_deleted = true
  touch(world, { event: 'deleted', task })
  return task
}
