// What is open in the apps a person connected, the most pressing first.
import type { OpenTask } from '@oo/integrations'
import type { Candidate, Words } from '../decided.ts'
import { localDate } from '../localClock.ts'
import type { Moment, Source } from './source.ts'

export const tasks: Source = {
  name: 'tasks',
  kind: 'todo',
  places: 53,
  leftOver: 'less_pressing',
  consent: 'sync',
  hasProvider: true,
  gather(_ctx, _personId, { open, ...moment }) {
    const begun = open.tasks.filter(task => hasBegun(task, moment))
    return { candidates: begun.map(candidateOf), unfit: open.tasks.length - begun.length }
  },
  order: candidates => [...candidates].sort(morePressingFirst),
  wordsOf(ctx, personId, { source, externalId }) {
    const task = ctx.integrations.itemOf(personId, source, externalId)
    return task && wordsOf(task)
  },
  isOver(ctx, personId, { source, externalId }, moment) {
    if (ctx.integrations.stateOf(personId, source, externalId) === 'gone') return true
    const task = ctx.integrations.itemOf(personId, source, externalId)
    return task !== undefined && !hasBegun(task, moment)
  },
  themeOf: () => null,
}

/** A start that is a day begins with that day where the person is. */
export function hasBegun({ start }: OpenTask, { now, timeZone }: Pick<Moment, 'now' | 'timeZone'>): boolean {
  if (!start) return true
  return start.time === null
    ? start.date <= localDate(now, timeZone)
    : Date.parse(start.time) <= now.getTime()
}

const candidateOf = (task: OpenTask): Candidate => ({
  id: `${task.source}:${task.externalId}`,
  source: task.source,
  externalId: task.externalId,
  kind: 'todo',
  theme: null,
  words: wordsOf(task),
  wording: task,
  attributes: task.attributes,
})

const wordsOf = ({ text, url, attributes: { due } }: OpenTask): Words => ({ text, url, due })

const dueAt = ({ words: { due } }: Candidate): string => due?.time ?? due?.date ?? '9999'

function morePressingFirst(a: Candidate, b: Candidate): number {
  return dueAt(a).localeCompare(dueAt(b)) || (b.attributes.priority ?? 1) - (a.attributes.priority ?? 1)
}
