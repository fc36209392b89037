import { type Fields, textOf, wholeOf } from '../read.ts'
import { invalid } from './errors.ts'

const defaultPage = 50
const maxPage = 200

export type Page<T> = { results: T[]; next_cursor: string | null }

/**
 * One page of the rows that `keep` wants. The cursor names the last row that was given, found among all rows, so that
 * a change in between neither repeats nor skips one.
 */
export function pageOf<T extends { id: string | number }>(
  rows: readonly T[],
  query: Fields,
  keep: (row: T) => boolean = () => true,
): Page<T> {
  const limit = query.limit === undefined ? defaultPage : wholeOf(query.limit)
  if (!limit || limit < 1 || limit > maxPage) throw invalid(`limit must be between 1 and ${maxPage}`)
  const cursor = textOf(query.cursor)
  const after = cursor && /^after:(.+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  const start = cursor ? rows.findIndex(row => String(row.id) === after) + 1 : 0
  if (cursor && start === 0) throw invalid('Invalid cursor')
  const wanted = rows.slice(start).filter(keep)
  const results = wanted.slice(0, limit)
  const last = results.at(-1)
  const more = wanted.length > limit && last
  return { results, next_cursor: more ? Buffer.from(`after:${last.id}`).toString('base64url') : null }
}
