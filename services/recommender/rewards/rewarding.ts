// Attribution: a reaction, or its undo, becomes the reward of the decision whose tip was shown.
import { timestampDate } from '@bufbuild/protobuf/wkt'
import type { InBatches } from '@oo/events'
import { type Tx, traceContextOf } from '@oo/kernel'
import type { Envelope } from '@oo/shared-types/events'
import { worth } from '@oo/shared-types/rewards'
import type { RecommenderCtx } from '../context.ts'
import { type Reacted, readReacted } from '../store/rewards.ts'
import { type Earned, rewardEvents } from './earn.ts'

type RewardCtx = Pick<RecommenderCtx, 'events'> & { profiles: Pick<RecommenderCtx['profiles'], 'wishes'> }

export const rewarding = (ctx: RewardCtx): InBatches => ({
  name: 'recommender.rewards',
  subjects: ['signals.tip.reacted', 'signals.tip.undone'],
  handleAll: (tx, events) => reward(ctx, tx, events),
})

async function reward(ctx: RewardCtx, tx: Tx, events: readonly Envelope[]): Promise<void> {
  const ids = new Set(events.flatMap(event => reactionOf(event) ?? []))
  const reacted = new Map((await readReacted(tx, [...ids])).map(row => [row.id, row]))
  const earned = await Promise.all(
    events.map(event => earnedBy(ctx, event, reacted.get(reactionOf(event) ?? ''))),
  )
  await ctx.events.appendAll(tx, earned.flat().flatMap(rewardEvents))
}

const reactionOf = ({ payload }: Envelope): string | undefined =>
  payload.case === 'tipReacted' || payload.case === 'reactionUndone' ? payload.value.reactionId : undefined

async function earnedBy(ctx: RewardCtx, event: Envelope, row: Reacted | undefined): Promise<Earned[]> {
  if (!row || row.personId !== event.personId) return []
  return event.payload.case === 'reactionUndone' ? takenBack(event, row) : rewarded(ctx, event, row)
}

async function rewarded(ctx: RewardCtx, event: Envelope, row: Reacted): Promise<Earned[]> {
  const { id, reaction, at, personId, tipId, decision, before } = row
  const earned = worth[reaction].reward
  const replaces = before && worth[before.reaction].reward ? before.id : null
  // What changes to a reaction that teaches nothing still takes back what the first one taught.
  if (!earned && !replaces) return []
  if (earned && (await isPaused(ctx, personId, at))) return []
  const within = traceContextOf(event.traceParent)
  return [
    {
      ...{ personId, tipId, decision },
      rewardId: id,
      reward: earned,
      replaces,
      at: earnedAt(at, row),
      within,
    },
  ]
}

function takenBack({ at, traceParent }: Envelope, row: Reacted): Earned[] {
  const { id, reaction, personId, tipId, decision } = row
  if (!at || !worth[reaction].reward) return []
  return [
    {
      ...{ personId, tipId, decision },
      rewardId: `${id}:undone`,
      reward: null,
      replaces: id,
      at: earnedAt(timestampDate(at), row),
      within: traceContextOf(traceParent),
    },
  ]
}

/** Nothing is earned later than now, by the database's clock: what ml learned of the future would not fade until then. */
const earnedAt = (at: Date, { now }: Reacted): Date => (at < now ? at : now)

/** A pause also pauses learning. */
async function isPaused({ profiles }: RewardCtx, personId: string, at: Date): Promise<boolean> {
  const { pause } = await profiles.wishes(personId)
  return pause !== null && pause.since <= at
}
