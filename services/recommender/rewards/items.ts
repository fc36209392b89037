// What is known of the items that a batch of events is about, and what each event adds to it. Only what the events
// told so far counts: the same log gives the same rewards however it is cut into batches.
import { timestampDate } from '@bufbuild/protobuf/wkt'
import type { Tx } from '@oo/kernel'
import type { Pause, Profiles } from '@oo/profile'
import type { Envelope } from '@oo/shared-types/events'
import {
  completionsOf,
  type ItemAt,
  type KnownTip,
  type NewCompletion,
  tellingsOf,
  tipsOfItems,
} from '../store/outcomes.ts'
import { readGiven } from '../store/rewards.ts'
import {
  type Completion,
  dayMs,
  earlier,
  isPaused,
  type Outcome,
  type Telling,
  type TipFacts,
} from './attribution.ts'

/** Further back nothing is kept that could still be rewarded. */
const pausesMs = 32 * dayMs

export interface Tip extends TipFacts {
  tipId: string
  createdAt: Date
  outcome: Outcome['outcome'] | null
  /** How many rewards of it were told, and the one that stands. */
  told: number
  standing: { rewardId: string; from: string } | null
}

export interface Item {
  personId: string
  tips: Tip[]
  completions: Completion[]
  tellings: Telling[]
  pauses: readonly Pause[]
}

export interface Items {
  /** Adds what this event tells; answers the item it is about, if it is one that had a tip. */
  hear(event: Envelope): { item: Item; tip: Tip | undefined } | undefined
  /** Completions that were heard of, to be kept. */
  completed: readonly NewCompletion[]
}

type Given = Awaited<ReturnType<typeof readGiven>>[number]

export async function openItems(
  { profiles }: { profiles: Pick<Profiles, 'pausesSince'> },
  tx: Tx,
  events: readonly Envelope[],
): Promise<Items> {
  const tipIds = [...new Set(events.flatMap(event => tipOf(event) ?? []))]
  const named = events.flatMap(event => completionOf(event) ?? [])
  const people = [...new Set(events.map(({ personId }) => personId).filter(id => id !== ''))]
  const first = events[0]?.at ? timestampDate(events[0].at) : new Date(0)
  const [known, given, pauses] = await Promise.all([
    tipsOfItems(tx, { tipIds, items: named }),
    readGiven(tx, [...new Set(events.flatMap(event => reactionOf(event) ?? []))]),
    profiles.pausesSince(people, new Date(first.getTime() - pausesMs)),
  ])
  const [tellings, completions] = await Promise.all([
    tellingsOf(
      tx,
      known.map(({ tipId }) => tipId),
    ),
    completionsOf(
      tx,
      known.map(({ decisionId }) => decisionId),
    ),
  ])
  const items = new Map<string, Item>()
  const itemOf = new Map<string, Item>()
  for (const one of known) {
    const key = keyOf(one)
    const pausesOf = pauses.get(one.personId) ?? []
    const none = { personId: one.personId, tips: [], completions: [], tellings: [], pauses: pausesOf }
    const item = items.get(key) ?? none
    items.set(key, item)
    itemOf.set(one.tipId, item).set(one.decisionId, item)
    item.tips.push(tipFrom(one))
  }
  for (const { tipId, ...telling } of tellings) itemOf.get(tipId)?.tellings.push(telling)
  for (const { decisionId, ...one } of completions) addOnce(itemOf.get(decisionId), one)

  const reactions = new Map(given.map(row => [row.id, row]))
  const completed: NewCompletion[] = []
  return {
    completed,
    hear(event) {
      const completion = completionOf(event)
      if (completion) {
        const item = items.get(keyOf(completion))
        const { at, exact } = completion
        const ofTips = item?.tips.filter(({ createdAt }) => createdAt <= at) ?? []
        if (!item || ofTips.length === 0) return undefined
        completed.push(...ofTips.map(({ decisionId }) => ({ decisionId, at, exact })))
        addOnce(item, { at, exact })
        return { item, tip: undefined }
      }
      const tipId = tipOf(event)
      const item = itemOf.get(tipId ?? '')
      const tip = item?.tips.find(one => one.tipId === tipId)
      if (!item || !tip || item.personId !== event.personId) return undefined
      addToTip(tip, item, event, reactions.get(reactionOf(event) ?? ''))
      return { item, tip }
    },
  }
}

function addToTip(tip: Tip, { pauses }: Item, { payload }: Envelope, given: Given | undefined): void {
  if (payload.case === 'tipClosed' && payload.value.shown) tip.closed = true
  if (payload.case === 'reactionUndone') tip.said = null
  if (payload.case !== 'tipReacted' || !given || given.tipId !== tip.tipId) return
  // A pause also pauses learning: what counted before it goes on to count.
  if (isPaused(pauses, given.at)) return
  tip.said = { id: given.id, reaction: given.reaction, at: given.at }
}

function tipFrom(one: KnownTip): Tip {
  const { tipId, decisionId, createdAt, shownAt, closed, told, outcome, rewardId, earnedFrom } = one
  const { reactionId, reaction, reactedAt } = one
  return {
    ...{ tipId, decisionId, createdAt, shownAt, closed, told, outcome },
    said: reactionId && reaction && reactedAt ? { id: reactionId, reaction, at: reactedAt } : null,
    standing: rewardId !== null && earnedFrom !== null ? { rewardId, from: earnedFrom } : null,
  }
}

const keyOf = ({ personId, source, externalId }: Omit<ItemAt, 'at'>): string =>
  `${personId} ${source}:${externalId}`

function addOnce(item: Item | undefined, one: Completion): void {
  if (item && !item.completions.some(({ at }) => at.getTime() === one.at.getTime()))
    item.completions.push(one)
}

export const reactionOf = ({ payload }: Envelope): string | undefined =>
  payload.case === 'tipReacted' || payload.case === 'reactionUndone' ? payload.value.reactionId : undefined

function tipOf({ payload }: Envelope): string | undefined {
  const isOfTip = payload.case === 'tipShown' || payload.case === 'tipClosed'
  if (isOfTip || payload.case === 'tipReacted' || payload.case === 'reactionUndone')
    return payload.value.tipId
  return undefined
}

/** Nobody completes in the future: a provider whose clock is ahead said so when it was heard. */
function completionOf({ personId, payload, at: heardAt }: Envelope): (ItemAt & Completion) | undefined {
  if (payload.case !== 'taskCompleted' || !heardAt) return undefined
  const { source, externalId, completedAt } = payload.value
  const heard = timestampDate(heardAt)
  const said = completedAt ? timestampDate(completedAt) : heard
  const at = earlier(said, heard)
  return { personId, source, externalId, at, exact: completedAt !== undefined }
}
