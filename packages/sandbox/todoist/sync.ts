import { type Fields, fieldsOf, jsonOf, listOf, textOf, textsOf } from '../read.ts'
import type { Person, World } from '../world.ts'
import type { Account } from './account.ts'
import { dueFromFields } from './due.ts'
import { invalid, TodoistRefusal } from './errors.ts'
import {
  advanceTask,
  closeTask,
  createTask,
  deleteTask,
  moveTask,
  reopenTask,
  type TaskWorld,
  updateTask,
} from './tasks.ts'
import { userOf } from './user.ts'

const maxCommands = 100
const maxRemembered = 1_000

/** Lists may come as JSON text inside a form, as Todoist's own examples send them. */
const listFrom = (value: unknown): unknown[] => listOf(typeof value === 'string' ? jsonOf(value) : value)

/** A sync token of another life, or of before a reset, is answered with everything, as Todoist may at any time. */
function sinceOf(token: string | undefined, life: string, { tokensFrom }: Account): number | undefined {
  if (!token || token === '*') return undefined
  const parsed = /^(.+)\.(.*)\.(\d+)$/.exec(Buffer.from(token, 'base64url').toString())
  if (!parsed || (parsed[1] === life && parsed[2] !== tokensFrom)) throw invalid('Invalid sync token')
  return parsed[1] === life ? Number(parsed[3]) : undefined
}

/** Sync commands carry due as an object; the rest of the fields are those of the task endpoints. */
function commandFields(args: Fields): Fields {
  const due = args.due === null ? { string: 'no date' } : fieldsOf(args.due)
  const date = textOf(due.date)
  if (args.due === undefined) return args
  if (textOf(due.string)) return { ...args, due_string: due.string }
  return date && date.length > 10 ? { ...args, due_datetime: date } : { ...args, due_date: date }
}

function execute(task: TaskWorld, type: string, args: Fields): string {
  const id = textOf(args.id) ?? ''
  if (type === 'item_add') return createTask(task, commandFields(args)).id
  if (type === 'item_update') return updateTask(task, id, commandFields(args)).id
  if (type === 'item_move') return moveTask(task, id, args).id
  if (type === 'item_close') return closeTask(task, id).id
  if (type === 'item_update_date_complete') {
    const due = dueFromFields(commandFields(args), task.account.zone.today(task.now))
    if (!due || due === 'unchanged') throw invalid('due must be a date')
    const date = textOf(fieldsOf(args.due).date)
    return advanceTask(task, id, { ...due, ...(date && { date }) }).id
  }
  if (type === 'item_complete') return closeTask(task, id, true).id
  if (type === 'item_uncomplete') return reopenTask(task, id).id
  if (type === 'item_delete') return deleteTask(task, id).id
  throw invalid(`The sandbox does not know the command ${type}`)
}

/** Each command stands alone, and one uuid is executed once however often it is sent. */
function runCommands(task: TaskWorld, commands: unknown[]): { status: Fields; ids: Fields } {
  if (commands.length > maxCommands) throw invalid(`Maximum number of commands is ${maxCommands}`)
  const status: Fields = {}
  const ids: Record<string, string> = {}
  const remembered = task.account.commands
  for (const entry of commands) {
    const command = fieldsOf(entry)
    const [type, uuid, temp] = [textOf(command.type), textOf(command.uuid), textOf(command.temp_id)]
    if (!type || !uuid) throw invalid('Each command needs a type and a uuid')
    try {
      const args = fieldsOf(command.args)
      const named = Object.fromEntries(
        Object.entries(args).map(([key, value]) => [
          key,
          typeof value === 'string' ? (ids[value] ?? value) : value,
        ]),
      )
      const id = remembered.get(uuid) ?? execute(task, type, named)
      remembered.set(uuid, id)
      if (remembered.size > maxRemembered) remembered.delete(remembered.keys().next().value ?? '')
      if (temp) ids[temp] = id
      status[uuid] = 'ok'
    } catch (error) {
      if (!(error instanceof TodoistRefusal)) throw error
      status[uuid] = error.body()
    }
  }
  return { status, ids }
}

function itemsSince(account: Account, since: number | undefined) {
  const all = [...account.tasks.values()]
  if (since === undefined) return all.filter(task => !task.checked && !task.is_deleted)
  return all.filter(task => (account.changed.get(task.id) ?? 0) > since)
}

export function sync(world: World, person: Person, task: TaskWorld, body: Fields): Fields {
  const { account } = person
  const since = sinceOf(textOf(body.sync_token), world.life, account)
  const commands = listFrom(body.commands)
  const done = commands.length > 0 ? runCommands(task, commands) : undefined
  const wanted = textsOf(listFrom(body.resource_types))
  const wants = (name: string) =>
    (wanted.includes(name) || wanted.includes('all')) && !wanted.includes(`-${name}`)
  const full = since === undefined
  return {
    full_sync: full,
    sync_token: Buffer.from(`${world.life}.${account.tokensFrom}.${account.version}`).toString('base64url'),
    ...(done && { sync_status: done.status, temp_id_mapping: done.ids }),
    ...(wants('items') && { items: itemsSince(account, since) }),
    ...(wants('projects') && { projects: full ? account.projects : [] }),
    ...(wants('user') && full && { user: userOf(person, world.now()) }),
    ...(wants('sections') && { sections: [] }),
    ...(wants('labels') && { labels: [] }),
  }
}
