import { newId } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import type { Candidate, Candidates } from './decided.ts'
import type { TipRow } from './tables.ts'
import { sealTipText } from './tipText.ts'

const tipLivesMs = 4 * 3_600_000

/** The tip that a decision chose, its words sealed. */
export async function newTip(
  ctx: RecommenderCtx,
  personId: string,
  of: { decisionId: string; chosen: Candidate; candidates: Candidates; now: Date },
): Promise<TipRow> {
  const { source, externalId, kind, words, until } = of.chosen
  const expiresAt = new Date(
    Math.min(of.now.getTime() + tipLivesMs, until?.getTime() ?? Number.POSITIVE_INFINITY),
  )
  const id = newId(ctx)
  const kept = { ...words, ...(of.candidates.isUnread && { hint: 'connect' as const }) }
  return {
    ...{ id, decisionId: of.decisionId, personId, source, externalId, kind },
    sealed: sealTipText(await ctx.auth.sealer(personId), id, kept),
    createdAt: of.now,
    expiresAt,
    ...{ shownAt: null, endedAt: null, endReason: null, closedAt: null },
  }
}
