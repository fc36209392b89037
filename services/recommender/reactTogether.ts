// Many reactions in one transaction. Each is judged by itself; one that meets another reaction to the same tip or
// item in its group, or whose tip somebody else holds, is written alone afterwards.
import { type GroupWork, newId, type Outcome, onCommit, Problem, type Tx, tellOthers } from '@oo/kernel'
import { ReactionCode } from '@oo/shared-types/events'
import type { Context } from '@opentelemetry/api'
import type { RecommenderCtx } from './context.ts'
import { alreadyAnswered, noSuchTip } from './errors.ts'
import { answerTopic, itemsTopic } from './memories.ts'
import { pastMoment } from './pastMoment.ts'
import { restUntil, rules } from './reactionRules.ts'
import { settleTask } from './settle.ts'
import { sourceOf } from './sources/sources.ts'
import {
  type HeldTip,
  holdTips,
  type LiveReaction,
  liveReactions,
  markReplaced,
  type NewReaction,
  writeReactions,
} from './store/reactionGroup.ts'
import type { Reacted, WantedReaction } from './wantedReaction.ts'

/** The provider is told only after this, so an undo before costs it nothing. */
const undoWindowMs = 6_000

interface Written {
  row: NewReaction
  decisionId: string
  replaces: string
  within: Context
}

type WritingCtx = Pick<RecommenderCtx, 'clock' | 'random' | 'events' | 'jobs' | 'answers' | 'items'>

export const reacting = (ctx: WritingCtx): GroupWork<WantedReaction, Reacted> => ({
  name: 'reactions',
  write: (tx, wanted, alone) => reactTogether(ctx, tx, wanted, alone),
})

async function reactTogether(
  ctx: WritingCtx,
  tx: Tx,
  wanted: readonly WantedReaction[],
  alone: boolean,
): Promise<Outcome<Reacted>[]> {
  const [tips, live] = await Promise.all([holdTips(tx, wanted, { wait: alone }), liveReactions(tx, wanted)])
  const written: Written[] = []
  const met = new Set<string>()
  const outcomes = wanted.map((one): Outcome<Reacted> => {
    const tip = tips.get(one.tipId)
    // Held by somebody else, or none of this person's: alone it will be known.
    if (tip?.personId !== one.personId) return alone ? { refused: new Problem(noSuchTip) } : 'alone'
    const item = `${tip.personId} ${tip.source}:${tip.externalId}`
    if (met.has(tip.id) || met.has(item)) return 'alone'
    met.add(tip.id).add(item)
    const before = live.get(tip.id)
    if (before && isSame(before, one)) return { done: reacted(before.id, before.recordedAt) }
    if (before && rules[before.reaction].final) return { refused: new Problem(alreadyAnswered) }
    const row = rowOf(newId(ctx), one, tip)
    written.push({ row, decisionId: tip.decisionId, replaces: before?.id ?? '', within: one.within })
    return { done: reacted(row.id, row.recordedAt) }
  })
  if (written.length > 0) await write(ctx, tx, written)
  return outcomes
}

/** Sent in one go: PostgreSQL takes them in this order. */
async function write(ctx: WritingCtx, tx: Tx, written: readonly Written[]): Promise<void> {
  const replaced = written.flatMap(({ replaces, row }) => (replaces ? [{ id: replaces, by: row.id }] : []))
  const done = written.filter(({ row }) => row.reaction === 'done' && sourceOf(row).hasProvider)
  for (const { row } of written) remember(ctx, tx, row)
  await Promise.all([
    replaced.length > 0 && markReplaced(tx, replaced),
    writeReactions(
      tx,
      written.map(({ row }) => row),
    ),
    ctx.events.appendAll(tx, written.map(happening)),
    done.length > 0 &&
      ctx.jobs.enqueueAll(
        tx,
        settleTask,
        done.map(({ row }) => ({ data: { reactionId: row.id }, startAfter: undoUntil(row.recordedAt) })),
      ),
  ])
}

/** The answer stays in memory as it now is, so that the next decision need not read it. */
function remember({ answers, items }: WritingCtx, tx: Tx, row: NewReaction): void {
  const { personId, tipId, recordedAt: endedAt, reaction: endReason } = row
  tellOthers(tx, answerTopic, personId)
  tellOthers(tx, itemsTopic, personId)
  onCommit(tx, () => {
    items.forget(personId)
    answers.amend(personId, answer => {
      const { tip } = answer ?? {}
      if (!answer || tip?.id !== tipId || tip.endedAt) return answer
      return { ...answer, tip: { ...tip, sealed: null, endedAt, endReason } }
    })
  })
}

const happening = ({ row, decisionId, replaces, within }: Written) => ({
  personId: row.personId,
  within,
  happened: {
    case: 'tipReacted' as const,
    value: {
      reactionId: row.id,
      tipId: row.tipId,
      decisionId,
      reaction: ReactionCode[rules[row.reaction].code],
      replaces,
    },
  },
})

const isSame = (before: LiveReaction, { reaction, snoozeUntil }: WantedReaction): boolean =>
  before.reaction === reaction && before.snoozeUntil?.getTime() === snoozeUntil?.getTime()

function rowOf(id: string, one: WantedReaction, tip: HeldTip): NewReaction {
  const { reaction, snoozeUntil, now } = one
  return {
    id,
    personId: tip.personId,
    tipId: tip.id,
    reaction,
    at: pastMoment(one.at, { earliest: tip.createdAt, now }),
    recordedAt: now,
    snoozeUntil,
    source: tip.source,
    externalId: tip.externalId,
    restUntil: restUntil(reaction, now, snoozeUntil),
    refused: rules[reaction].refuses === true,
    sketch: one.sketchOf?.(tip) ?? null,
    firstShown: tip.shownAt === null,
  }
}

const undoUntil = (recordedAt: Date): Date => new Date(recordedAt.getTime() + undoWindowMs)

const reacted = (id: string, recordedAt: Date): Reacted => ({
  id,
  undoUntil: undoUntil(recordedAt).toISOString(),
})
