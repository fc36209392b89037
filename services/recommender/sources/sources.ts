// The sources of candidates in their order: where two say the same, the earlier one says it. Generated tips will stand
// before the library; ambient after it.
import type { ItemRef } from '../decided.ts'
import { calendar } from './calendar.ts'
import { library } from './library.ts'
import type { Source } from './source.ts'
import { tasks } from './tasks.ts'

export const sources: readonly Source[] = [tasks, calendar, library]

/** Of whose tips the end is the time of something in the person's life. */
export const momentSources = sources.filter(({ endsWithMoment }) => endsWithMoment).map(({ name }) => name)

/** The source of an item: the one of that name; every connector's items are tasks. */
export const sourceOf = ({ source }: Pick<ItemRef, 'source'>): Source =>
  sources.find(({ name }) => name === source) ?? tasks
