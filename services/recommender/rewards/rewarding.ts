// Attribution: whatever is heard of a tip or of its item becomes the rewards that its decisions have earned by then;
// where that changes what was told before, the new one takes its place.
import { timestampDate } from '@bufbuild/protobuf/wkt'
import type { InBatches } from '@oo/events'
import { type Tx, traceContextOf } from '@oo/kernel'
import type { Envelope } from '@oo/shared-types/events'
import type { Reward } from '@oo/shared-types/rewards'
import type { RecommenderCtx } from '../context.ts'
import { type OutcomeRow, recordCompletions, recordOutcomes } from '../store/outcomes.ts'
import { type RewardedDecision, readRewarded } from '../store/rewards.ts'
import { earlier, type Outcome, outcomesOf } from './attribution.ts'
import { type Earned, rewardEvents } from './earn.ts'
import { type Item, openItems, reactionOf, type Tip } from './items.ts'

type RewardCtx = Pick<RecommenderCtx, 'events'> & {
  profiles: Pick<RecommenderCtx['profiles'], 'pausesSince'>
  /** What a shown tip earns when nothing was said for a day. */
  defaultReward: Reward
}

export const rewarding = (ctx: RewardCtx): InBatches => ({
  name: 'recommender.rewards',
  subjects: [
    'signals.tip.reacted',
    'signals.tip.undone',
    'signals.tip.shown',
    'signals.tip.closed',
    'signals.task.completed',
  ],
  handleAll: (tx, events) => reward(ctx, tx, events),
})

type Told = Omit<Earned, 'decision'> & { decisionId: string }

async function reward(ctx: RewardCtx, tx: Tx, events: readonly Envelope[]): Promise<void> {
  const items = await openItems(ctx, tx, events)
  const told: Told[] = []
  const rows = new Map<string, OutcomeRow>()
  for (const event of events) {
    const heard = items.hear(event)
    if (!heard) continue
    const outcomes = outcomesOf(heard.item, ctx.defaultReward)
    for (const [at, tip] of heard.item.tips.entries()) {
      const outcome = outcomes[at]
      if (!outcome) continue
      const isOwn = tip === heard.tip
      told.push(...rewardOf(event, heard.item, { tip, outcome, isOwn }))
      if (isWorthKeeping(tip, outcome, isOwn && event.payload.case === 'tipClosed'))
        rows.set(tip.decisionId, rowOf(tip, outcome))
    }
  }
  const ids = new Set(told.map(({ decisionId }) => decisionId))
  const decisions = new Map((await readRewarded(tx, [...ids])).map(row => [row.id, row]))
  const earned = told.flatMap(({ decisionId, ...one }): Earned[] => {
    const decision = decisions.get(decisionId)
    return decision ? [{ ...one, decision, at: notInTheFuture(one.at, decision) }] : []
  })
  await Promise.all([
    recordCompletions(tx, items.completed),
    recordOutcomes(tx, [...rows.values()]),
    ctx.events.appendAll(tx, earned.flatMap(rewardEvents)),
  ])
}

/** By the database's clock: what ml learned of the future would not fade until then. */
const notInTheFuture = (at: Date, { now }: RewardedDecision): Date => earlier(at, now)

interface Found {
  tip: Tip
  outcome: Outcome
  /** The event is about this tip, not only about its item. */
  isOwn: boolean
}

/** What is to be told where the outcome is another than before; the tip then knows it as told. */
function rewardOf(event: Envelope, { personId }: Item, { tip, outcome, isOwn }: Found): Told[] {
  const { earned } = outcome
  const { standing, tipId, decisionId } = tip
  if (!event.at || standing?.from === earned?.from) return []
  const rewardId = (isOwn && idOf(event)) || `${tipId}:${nameOf(outcome)}:${tip.told}`
  tip.told += 1
  tip.standing = earned && { rewardId, from: earned.from }
  return [
    {
      ...{ personId, tipId, decisionId, rewardId },
      reward: earned?.reward ?? null,
      replaces: standing?.rewardId ?? null,
      at: earned?.at ?? timestampDate(event.at),
      within: traceContextOf(event.traceParent),
    },
  ]
}

/** A reaction's own reward is called like it, and what its undo leaves like that. */
function idOf(event: Envelope): string | undefined {
  const id = reactionOf(event)
  return id && event.payload.case === 'reactionUndone' ? `${id}:undone` : id
}

const nameOf = ({ outcome, earned }: Outcome): string =>
  earned === null ? 'none' : outcome === 'no_reaction' ? 'default' : outcome

/** A tip that waits, or was not shown yet, is told of by its own row; a row here says what became of it. */
const isWorthKeeping = (tip: Tip, { outcome }: Outcome, isClosing: boolean): boolean =>
  tip.outcome !== null || tip.told > 0 || isClosing || (outcome !== 'waiting' && outcome !== 'not_shown')

function rowOf(tip: Tip, { outcome, earned }: Outcome): OutcomeRow {
  tip.outcome = outcome
  const { decisionId, closed, told, said, standing } = tip
  return {
    ...{ decisionId, outcome, closed, told },
    reactionId: said?.id ?? null,
    rewardId: standing?.rewardId ?? null,
    earnedFrom: standing?.from ?? null,
    reward: earned?.reward.value ?? null,
    part: earned?.reward.part ?? null,
  }
}
