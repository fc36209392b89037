// What is remembered of a person's items and of what they refused: one read, then in memory until it changes.
import type { Auth } from '@oo/auth'
import type { Db } from '@oo/kernel'
import { type Refused, refusedOf } from './refused.ts'
import { type ItemRow, itemsOf } from './store/items.ts'

export interface Remembered {
  /** By candidate id. */
  items: ReadonlyMap<string, ItemRow>
  refused: readonly Refused[]
}

export async function rememberedOf(ctx: { db: Db; auth: Auth }, personId: string): Promise<Remembered> {
  const rows = await itemsOf(ctx.db, personId)
  const hasRefused = rows.some(({ sketch }) => sketch !== null)
  const refused = hasRefused ? refusedOf(rows, await ctx.auth.sealer(personId)) : []
  return { items: new Map(rows.map(row => [`${row.source}:${row.externalId}`, row])), refused }
}
