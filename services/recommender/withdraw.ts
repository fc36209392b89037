// What happens elsewhere ends a tip here: a source that left, a consent withdrawn, a pause, another clock.

import { timestampDate } from '@bufbuild/protobuf/wkt'
import type { Subscriber } from '@oo/events'
import { changed, type Tx } from '@oo/kernel'
import type { Envelope } from '@oo/shared-types/events'
import type { RecommenderCtx } from './context.ts'
import { answerTopic } from './memories.ts'
import { momentSources } from './sources/sources.ts'
import { clearAnswer, endTip, forgetMoments, readAnswer } from './store/answers.ts'
import { isReopening } from './store/reactions.ts'

/** An answer may be replaced while it is withdrawn; the one that replaced it is then looked at as well. */
const mostTries = 3

type WithdrawCtx = Pick<RecommenderCtx, 'clock' | 'events'>

/** Without either of them nobody may read when the person is busy. */
const momentPurposes: readonly string[] = ['sync', 'calendar']

/** Whichever source left: it may have been the calendar, and what was decided ends with any of them. */
const takesMoments = ({ payload }: Envelope): boolean =>
  payload.case === 'sourceDisconnected' ||
  (payload.case === 'consentChanged' &&
    !payload.value.granted &&
    momentPurposes.includes(payload.value.purpose))

/** Ends what was decided before the event; what came later already knew of it. */
async function withdraw(ctx: WithdrawCtx, tx: Tx, event: Envelope, reason: string): Promise<void> {
  // First, because it holds the tips: who touches a tip and the answer it stands in takes the tip first.
  if (event.at && takesMoments(event))
    await forgetMoments(tx, event.personId, { before: timestampDate(event.at), sources: momentSources })
  for (let tries = 0; tries < mostTries; tries++) if (await withdrawOnce(ctx, tx, event, reason)) return
  throw new Error('The answer changed again and again while it was withdrawn.')
}

async function withdrawOnce(ctx: WithdrawCtx, tx: Tx, event: Envelope, reason: string): Promise<boolean> {
  const { personId, payload } = event
  if (payload.case === 'timeZoneChanged' && !payload.value.moved) return true
  const answer = await readAnswer(tx, personId)
  if (!answer || !event.at || answer.decidedAt >= timestampDate(event.at)) return true
  // A new source is good news for a silence and for advice that knew nothing yet; a task of another one stays.
  if (answer.tip?.kind === 'todo' && payload.case === 'sourceConnected') return true
  if (answer.tip && (await endTip(tx, answer.tip.id, ctx.clock.now(), reason))) {
    const value = { tipId: answer.tip.id, decisionId: answer.decisionId, reason }
    await ctx.events.append(tx, personId, { case: 'tipWithdrawn', value })
  }
  changed(tx, answerTopic, personId)
  return clearAnswer(tx, personId, answer.decisionId)
}

/** A task that was finished elsewhere is no tip any more; one that waits to be reopened by an undo still is. */
async function finishedElsewhere(ctx: WithdrawCtx, tx: Tx, event: Envelope): Promise<void> {
  const { personId, payload, at } = event
  if (payload.case !== 'taskCompleted' && payload.case !== 'taskRemoved') return
  const { source, externalId } = payload.value
  const answer = await readAnswer(tx, personId)
  const tip = answer?.tip
  if (!tip || tip.source !== source || tip.externalId !== externalId) return
  if (!at || answer.decidedAt >= timestampDate(at) || (await isReopening(tx, tip.id))) return
  const reason = payload.case === 'taskCompleted' ? 'done_elsewhere' : 'removed'
  if (!(await endTip(tx, tip.id, ctx.clock.now(), reason))) return
  const value = { tipId: tip.id, decisionId: answer.decisionId, reason }
  await ctx.events.append(tx, personId, { case: 'tipWithdrawn', value })
  changed(tx, answerTopic, personId)
  await clearAnswer(tx, personId, answer.decisionId)
}

export const finishing = (ctx: WithdrawCtx): Subscriber => ({
  name: 'recommender.finished-elsewhere',
  subjects: ['signals.task.completed', 'signals.task.removed'],
  handle: (tx, event) => finishedElsewhere(ctx, tx, event),
})

const reasons: Record<string, string> = {
  'account.source.connected': 'sources_changed',
  'account.source.disconnected': 'disconnected',
  'profile.consent.changed': 'consent_changed',
  'profile.pause.changed': 'pause_changed',
  'profile.timezone.changed': 'time_zone_changed',
}

export const withdrawing = (ctx: WithdrawCtx): Subscriber => ({
  name: 'recommender.withdraw',
  subjects: [
    'account.source.connected',
    'account.source.disconnected',
    'profile.consent.changed',
    'profile.pause.changed',
    'profile.timezone.changed',
  ],
  handle: (tx, event) => withdraw(ctx, tx, event, reasons[event.type] ?? event.type),
})
