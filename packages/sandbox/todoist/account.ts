import { createHash } from 'node:crypto'
import type { CivilDate, Zone } from '../calendar.ts'

/** The wire shapes of Todoist's API v1, in its own casing; only the fields that its clients require and we fill. */
export type Due = {
  date: string
  timezone: string | null
  string: string
  lang: string
  is_recurring: boolean
}

export type Task = {
  id: string
  user_id: string
  project_id: string
  section_id: string | null
  parent_id: string | null
  added_by_uid: string | null
  assigned_by_uid: string | null
  responsible_uid: string | null
  labels: string[]
  deadline: { date: string; lang: string } | null
  duration: { amount: number; unit: 'minute' | 'day' } | null
  is_collapsed: boolean
  checked: boolean
  is_deleted: boolean
  added_at: string
  completed_at: string | null
  completed_by_uid: string | null
  updated_at: string
  due: Due | null
  priority: number
  child_order: number
  content: string
  description: string
  note_count: number
  day_order: number
}

export type Project = {
  id: string
  name: string
  color: string
  parent_id: string | null
  inbox_project: boolean
  child_order: number
  default_order: number
  description: string
  view_style: string
  can_assign_tasks: boolean
  is_archived: boolean
  is_deleted: boolean
  is_favorite: boolean
  is_frozen: boolean
  is_shared: boolean
  is_collapsed: boolean
  created_at: string
  updated_at: string
}

/** A line of the activity log: the only place where Todoist remembers an occurrence of a recurring task. */
export type Activity = { id: number; event: TaskEvent; at: string; task: Task; recurring: boolean }

export type TaskEvent = 'added' | 'updated' | 'deleted' | 'completed' | 'uncompleted'

export type Account = {
  userId: string
  zone: Zone
  joinedOn: CivilDate
  projects: Project[]
  tasks: Map<string, Task>
  /** Grows with every change; `changed` says at which version a task changed last. */
  version: number
  changed: Map<string, number>
  activities: Activity[]
  /** How this account alone misbehaves: it hangs, or answers what cannot be read. */
  trouble: 'none' | 'hang' | 'garbage'
  /** Sync tokens of before it changed are refused. */
  tokensFrom: string
  /** Sync commands already executed, by uuid, with the id they made. */
  commands: Map<string, string>
}

const idLetters = '23456789CFGHJMPQRVWXcfghjmpqrvwx'

/** An id that looks like Todoist's and is always the same for the same words. */
export function idFor(...words: string[]): string {
  const bytes = createHash('sha256').update(words.join('\n')).digest()
  return `6X${[...bytes.subarray(0, 14)].map(byte => idLetters[byte % idLetters.length]).join('')}`
}

export const userIdFor = (email: string): string =>
  String((createHash('sha256').update(`user\n${email}`).digest().readUInt32BE(0) % 90_000_000) + 10_000_000)

export const stamp = (at: Date): string => at.toISOString().replace('Z', '000Z')

export const inboxOf = (account: Account): string =>
  account.projects.find(project => project.inbox_project)?.id ?? account.projects[0]?.id ?? ''

const maxActivities = 5_000

export function record(account: Account, event: TaskEvent, task: Task, at: string, recurring = false): void {
  account.activities.push({
    id: account.activities.length + 1,
    event,
    at,
    task: structuredClone(task),
    recurring,
  })
  if (account.activities.length > maxActivities) account.activities.splice(0, maxActivities / 10)
}
