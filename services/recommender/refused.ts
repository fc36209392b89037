// What a person did not want, known by a sketch of its words under their own key, sealed like text.
import type { Auth, Sealer } from '@oo/auth'
import type { ItemRef, Worded } from './decided.ts'
import { likeness, nearlySame, sketch } from './likeness.ts'
import type { Sketches } from './sketches.ts'
import type { ItemRow } from './store/items.ts'

export const dismissedForMs = 30 * 86_400_000
/** More than this of one person are not compared; the latest count, and what was said never to come again first. */
const most = 200

const place = (personId: string, { source, externalId }: ItemRef): string =>
  `recommender.items.sketch:${personId} ${source} ${externalId}`

const keyOf = (sealer: Sealer): Buffer => sealer.keyFor('recommender.sketch')

export const sealSketch = (sealer: Sealer, personId: string, item: ItemRef, { text }: Worded): Buffer =>
  sealer.seal(sketch(text, keyOf(sealer)).toString('base64'), place(personId, item))

export const openSketch = (
  sealer: Sealer,
  item: Pick<ItemRow, 'personId'> & ItemRef,
  sealed: Buffer,
): Buffer => Buffer.from(sealer.open(sealed, place(item.personId, item)), 'base64')

export interface Refused {
  sketch: Buffer
  at: Date
  forGood: boolean
}

export function refusedOf(items: readonly ItemRow[], sealer: Sealer): Refused[] {
  return items
    .flatMap(item => {
      if (!item.sketch || !item.refusedAt) return []
      return [{ sealed: item.sketch, item, at: item.refusedAt, forGood: item.restReason === 'never' }]
    })
    .sort((a, b) => Number(b.forGood) - Number(a.forGood) || b.at.getTime() - a.at.getTime())
    .slice(0, most)
    .map(({ sealed, item, at, forGood }) => ({ sketch: openSketch(sealer, item, sealed), at, forGood }))
}

export interface Likeness {
  /** It says nearly the same as something that is never to come again. */
  isNever: boolean
  /** To what was dismissed in the last 30 days; null where nothing was. */
  toDismissed: number | null
}

export type Refusal = (wording: Worded) => Likeness

/** How a wording relates to all that this person refused. */
export async function refusals(
  ctx: { auth: Pick<Auth, 'sealer'>; sketches: Sketches },
  personId: string,
  { refused, now }: { refused: readonly Refused[]; now: Date },
): Promise<Refusal> {
  const live = refused.filter(({ at, forGood }) => forGood || now.getTime() - at.getTime() < dismissedForMs)
  if (live.length === 0) return () => ({ isNever: false, toDismissed: null })
  const key = keyOf(await ctx.auth.sealer(personId))
  return wording => {
    const own = ctx.sketches.own(wording, personId, key)
    const alike = live.map(({ sketch, forGood }) => ({ forGood, how: likeness(own, sketch) }))
    return {
      isNever: alike.some(({ forGood, how }) => forGood && how >= nearlySame),
      toDismissed: Math.max(...alike.map(({ how }) => how)),
    }
  }
}
