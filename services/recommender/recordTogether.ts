// Many decisions in one transaction: each as it was, the answer it gives, and the end of the tip before it. One
// whose answer changed since it was read is logged as never served; one whose rows somebody holds is written alone,
// and so is a person's first answer, because there is no row yet by which two of them could wait for each other.
import { type GroupWork, type Outcome, type Tx, tellOthers } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import { packFloats } from './floats.ts'
import { answerTopic } from './memories.ts'
import type { NewDecision, Recorded } from './newDecision.ts'
import { sourceOf } from './sources/sources.ts'
import { endTip } from './store/answers.ts'
import { type EndingTip, type GroupDecision, holdAnswers, writeDecisions } from './store/decisionGroup.ts'
import { type HeldTip, holdTips } from './store/reactionGroup.ts'
import { contributionsOf } from './why/contributions.ts'

type WritingCtx = Pick<RecommenderCtx, 'events'>
type Place = GroupDecision['place']

interface Held {
  tips: Map<string, HeldTip>
  versions: Map<string, string>
}

interface Written {
  one: NewDecision
  row: GroupDecision
  /** The tip that was on the page until now, if it is this decision that ends it. */
  ends: EndingTip | undefined
}

export const recording = (ctx: WritingCtx): GroupWork<NewDecision, Recorded> => ({
  name: 'decisions',
  write: (tx, made, alone) => recordTogether(ctx, tx, made, alone),
})

async function recordTogether(
  ctx: WritingCtx,
  tx: Tx,
  made: readonly NewDecision[],
  alone: boolean,
): Promise<Outcome<Recorded>[]> {
  const held = await hold(tx, made, alone)
  const met = new Set<string>()
  const places = made.map((one): Place | 'alone' => {
    const place = met.has(one.personId) ? 'alone' : placeOf(one, held, alone)
    met.add(one.personId)
    return place
  })
  const written = made.flatMap((one, at): Written[] => {
    const place = places[at]
    if (!place || place === 'alone') return []
    return [{ one, row: rowOf(one, place), ends: place === 'none' ? undefined : endingOf(one, held) }]
  })
  if (written.length === 0) return places.map(() => 'alone')
  const versions = alone ? await writeAlone(ctx, tx, written) : await write(ctx, tx, written)
  return places.map((place, at) =>
    place === 'alone' ? 'alone' : { done: versions.get(made[at]?.personId ?? '') ?? null },
  )
}

/** A tip before its answer, as everywhere: two that lock in turn never wait for each other. */
async function hold(tx: Tx, made: readonly NewDecision[], alone: boolean): Promise<Held> {
  const open = made.flatMap(({ personId, seen }) =>
    seen?.tip && !seen.tip.endedAt ? [{ personId, tipId: seen.tip.id }] : [],
  )
  const people = made.map(({ personId }) => personId)
  const [tips, versions] = await Promise.all([
    open.length > 0 ? holdTips(tx, open, { wait: alone }) : new Map<string, HeldTip>(),
    holdAnswers(tx, people, { wait: alone }),
  ])
  return { tips, versions }
}

function placeOf(one: NewDecision, { tips, versions }: Held, alone: boolean): Place | 'alone' {
  const { personId, seen } = one
  if (one.trigger === 'push' && !one.answer.tip) return 'none'
  const version = versions.get(personId)
  if (seen === null) {
    if (version !== undefined) return 'none'
    return alone ? 'first' : 'alone'
  }
  const isTipMissing = seen.tip && !seen.tip.endedAt && !tips.has(seen.tip.id)
  if (version === undefined || isTipMissing) return alone ? 'none' : 'alone'
  return version === seen.version ? 'held' : 'none'
}

function endingOf({ seen, at }: NewDecision, { tips }: Held): EndingTip | undefined {
  const tip = seen?.tip
  if (!tip || tip.endedAt || tips.get(tip.id)?.endedAt) return undefined
  return {
    id: tip.id,
    at,
    reason: tip.expiresAt <= at || !sourceOf(tip).hasProvider ? 'expired' : 'done_elsewhere',
  }
}

/** Sent in one go: PostgreSQL takes them in this order. */
async function write(ctx: WritingCtx, tx: Tx, written: readonly Written[]): Promise<Map<string, string>> {
  const stands = written.filter(({ row }) => row.place !== 'none')
  const [versions] = await Promise.all([writeRows(tx, written), tell(ctx, tx, stands)])
  return versions
}

/** Whether a first answer stands is known only when it is written. */
async function writeAlone(
  ctx: WritingCtx,
  tx: Tx,
  written: readonly Written[],
): Promise<Map<string, string>> {
  const versions = await writeRows(tx, written)
  for (const { one, row } of written)
    if (row.place === 'first' && row.tip && !versions.has(one.personId))
      await endTip(tx, row.tip.id, one.at, 'another_decision')
  await tell(
    ctx,
    tx,
    written.filter(({ one }) => versions.has(one.personId)),
  )
  return versions
}

const writeRows = (tx: Tx, written: readonly Written[]): Promise<Map<string, string>> =>
  writeDecisions(
    tx,
    written.map(({ row }) => row),
    written.flatMap(({ ends }) => ends ?? []),
  )

async function tell(ctx: WritingCtx, tx: Tx, stands: readonly Written[]): Promise<void> {
  for (const { one } of stands) tellOthers(tx, answerTopic, one.personId)
  await ctx.events.appendAll(tx, stands.flatMap(happenings))
}

function happenings({ one, ends }: Written) {
  const { personId, within, answer, seen, decided, candidates } = one
  const withdrawn = ends && {
    case: 'tipWithdrawn' as const,
    value: { tipId: ends.id, decisionId: seen?.decisionId ?? '', reason: ends.reason },
  }
  const served = answer.tip && {
    case: 'tipServed' as const,
    value: {
      tipId: answer.tip.id,
      decisionId: answer.decisionId,
      policy: decided.policy,
      eligible: candidates.eligible.length,
    },
  }
  return [withdrawn, served].flatMap(happened => (happened ? [{ personId, within, happened }] : []))
}

function rowOf(
  { personId, trigger, answer, decided, candidates, latencyMs, at }: NewDecision,
  place: Place,
): GroupDecision {
  const { tip } = answer
  // Another device was first, or an undo: that answer stands, and this decision is logged as never served.
  const unserved = { sealed: null, endedAt: at, endReason: 'another_decision' }
  return {
    place,
    until: answer.until,
    tip: tip && place === 'none' ? { ...tip, ...unserved } : tip,
    decision: {
      id: answer.decisionId,
      personId,
      at,
      trigger,
      policy: decided.policy,
      policyVersion: decided.version,
      chosen: decided.chosen?.id ?? null,
      silence: answer.silence,
      candidates: candidates.eligible.map(candidate => candidate.id),
      ineligible: candidates.ineligible,
      probabilities: packFloats(decided.probabilities),
      scores: packFloats(decided.scores),
      featureNames: decided.features.names,
      features: packFloats(decided.features.values.flat()),
      contributions: contributionsOf(decided, candidates.eligible),
      decidedAs: decided.decidedAs,
      sendProbability: decided.sendProbability,
      shadows: decided.shadows,
      latencyMs,
      experiment: decided.trial?.experiment ?? null,
      arm: decided.trial?.arm ?? null,
    },
  }
}
