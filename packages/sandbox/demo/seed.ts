import { addDays, weekdayOf, type Zone } from '../calendar.ts'
import {
  type Account,
  type Due,
  idFor,
  type Project,
  record,
  stamp,
  type Task,
  userIdFor,
} from '../todoist/account.ts'
import { dueFromWords, nextDue } from '../todoist/due.ts'
import { blankTask } from '../todoist/tasks.ts'
import { fullLife, type OpenTask, projects, starterLife } from './open-tasks.ts'
import { evenings, type PastTask, weekends, workdays } from './past-tasks.ts'
import { randomFrom } from './random.ts'

const historyDays = 90

type Seed = { email: string; life: 'full' | 'starter'; now: Date; zone: Zone; seed: string }
type Done = { at: Date; task: Task; recurring: boolean }

/** A person's Todoist as of now: the same tasks and ids for the same seed, every date anchored to today. */
export function seedAccount(seed: Seed): Account {
  const today = seed.zone.today(seed.now)
  const account: Account = {
    userId: userIdFor(seed.email),
    zone: seed.zone,
    joinedOn: addDays(today, -400),
    projects: [],
    tasks: new Map(),
    version: 1,
    changed: new Map(),
    activities: [],
    trouble: 'none',
    tokensFrom: '',
    commands: new Map(),
  }
  const names = seed.life === 'full' ? projects : projects.slice(0, 1)
  account.projects = names.map(({ name, color }, order) => project(account, name, color, order, seed))
  for (const [order, entry] of (seed.life === 'full' ? fullLife : starterLife).entries()) {
    const task = openTask(account, entry, order, seed)
    account.tasks.set(task.id, task)
    account.changed.set(task.id, account.version)
  }
  if (seed.life === 'full') remember(account, history(account, seed))
  return account
}

function project(account: Account, name: string, color: string, order: number, seed: Seed): Project {
  const at = stamp(seed.zone.instant(account.joinedOn, 9 * 60))
  return {
    id: idFor(account.userId, 'project', name),
    name,
    color,
    parent_id: null,
    inbox_project: order === 0,
    child_order: order,
    default_order: 0,
    description: '',
    view_style: 'list',
    can_assign_tasks: false,
    is_archived: false,
    is_deleted: false,
    is_favorite: false,
    is_frozen: false,
    is_shared: false,
    is_collapsed: false,
    created_at: at,
    updated_at: at,
  }
}

function openTask(account: Account, entry: OpenTask, order: number, seed: Seed): Task {
  const today = seed.zone.today(seed.now)
  const added = seed.zone.instant(addDays(today, -entry.ageDays), 8 * 60 + ((order * 37) % 720))
  const parent = entry.under ? idFor(account.userId, 'task', entry.under) : null
  return {
    ...blankTask(account, idFor(account.userId, 'task', entry.text), stamp(added)),
    project_id: idFor(account.userId, 'project', entry.project),
    parent_id: parent,
    content: entry.text,
    description: entry.note ?? '',
    labels: entry.label ? [entry.label] : [],
    // The app's priority 1 is the wire's 4.
    priority: entry.priority ? 5 - entry.priority : 1,
    child_order: order + 1,
    duration: entry.minutes ? { amount: entry.minutes, unit: 'minute' } : null,
    due: dueOf(entry, today),
  }
}

function dueOf(entry: OpenTask, today: string): Due | null {
  if (entry.every) {
    const monthStart = `${addDays(today, 27).slice(0, 7)}-01`
    return dueFromWords(entry.every, today, entry.every === 'every month' ? monthStart : today) ?? null
  }
  if (entry.due === undefined) return null
  const date = addDays(today, entry.due)
  const full = entry.at ? `${date}T${entry.at}:00` : date
  return { date: full, timezone: null, string: full.replace('T', ' '), lang: 'en', is_recurring: false }
}

function history(account: Account, seed: Seed): Done[] {
  const today = seed.zone.today(seed.now)
  const random = randomFrom(`${seed.seed} ${seed.email}`)
  const done: Done[] = []
  for (let ago = historyDays; ago >= 0; ago -= 1) {
    const date = addDays(today, -ago)
    const free = [0, 6].includes(weekdayOf(date))
    const pool = free ? [...weekends, ...evenings] : [...workdays, ...workdays, ...evenings]
    const count = 1 + Math.floor(random.next() * (free ? 3 : 4))
    for (let nth = 0; nth < count; nth += 1) {
      const past = random.pick<PastTask | undefined>(pool, undefined)
      if (past) done.push(pastTask(account, past, `${ago}.${nth}`, date, random, seed))
    }
    for (const task of account.tasks.values()) {
      const occurrence = ago > 0 ? occurrenceOn(task, date, addDays(today, -historyDays)) : undefined
      const minute = 17 * 60 + Math.floor(random.next() * 240)
      if (occurrence && random.next() < 0.8)
        done.push({ at: seed.zone.instant(date, minute), task: occurrence, recurring: true })
    }
  }
  return done.filter(entry => entry.at < seed.now).sort((a, b) => a.at.getTime() - b.at.getTime())
}

function pastTask(
  account: Account,
  past: PastTask,
  key: string,
  date: string,
  random: ReturnType<typeof randomFrom>,
  seed: Seed,
): Done {
  const [from, until] = past.hours
  const at = seed.zone.instant(date, Math.floor((from + random.next() * (until - from)) * 60))
  const added = new Date(at.getTime() - Math.floor((1 + random.next() * 90) * 3_600_000))
  const text = past.text.replace('{}', random.pick(past.with ?? [], ''))
  const dated = random.next() < 0.5
  return {
    at,
    recurring: false,
    task: {
      ...blankTask(account, idFor(account.userId, 'past', seed.seed, key), stamp(added)),
      project_id: idFor(account.userId, 'project', past.project),
      content: text,
      priority: random.pick([1, 1, 1, 2, 3, 4], 1),
      due: dated ? { date, timezone: null, string: date, lang: 'en', is_recurring: false } : null,
    },
  }
}

/** The recurring task as it was when due on that day, or undefined when it was not due then. */
function occurrenceOn(task: Task, date: string, since: string): Task | undefined {
  if (!task.due?.is_recurring || date <= task.added_at.slice(0, 10)) return undefined
  let due: Due = dueFromWords(task.due.string, since, since) ?? task.due
  for (let steps = 0; due.date.slice(0, 10) < date && steps < 400; steps += 1)
    due = nextDue(due, due.date.slice(0, 10))
  return due.date.slice(0, 10) === date ? { ...task, due } : undefined
}

function remember(account: Account, done: Done[]): void {
  for (const { at, task, recurring } of done) {
    if (recurring) {
      record(account, 'completed', task, stamp(at), true)
      continue
    }
    const closed = {
      ...task,
      checked: true,
      completed_at: stamp(at),
      completed_by_uid: account.userId,
      updated_at: stamp(at),
    }
    account.tasks.set(closed.id, closed)
    record(account, 'completed', closed, stamp(at))
  }
}
