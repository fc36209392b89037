// What is remembered of a person's items and of what they refused: one read, then in memory until it changes.
import type { Auth } from '@oo/auth'
import type { Clock, Db } from '@oo/kernel'
import { type Refused, refusedOf } from './refused.ts'
import { itemsOf, type RememberedItem } from './store/items.ts'

/** A tip of the local day at hand was decided no longer ago, wherever that day is. */
const latelyMs = 48 * 3_600_000

export interface Remembered {
  /** By candidate id. */
  items: ReadonlyMap<string, RememberedItem>
  refused: readonly Refused[]
}

interface Given {
  db: Db
  clock: Clock
  auth: Auth
}

export async function rememberedOf(ctx: Given, personId: string): Promise<Remembered> {
  const since = new Date(ctx.clock.now().getTime() - latelyMs)
  const rows = await itemsOf(ctx.db, { personId, since })
  const hasRefused = rows.some(({ sketch }) => sketch !== null)
  const refused = hasRefused ? refusedOf(rows, await ctx.auth.sealer(personId)) : []
  return { items: new Map(rows.map(row => [`${row.source}:${row.externalId}`, row])), refused }
}
