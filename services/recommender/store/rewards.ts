// What a reward is made of: the reaction, the one it replaced, and the decision that earned it.
import type { Tx } from '@oo/kernel'
import { and, eq } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { decisions, reactions, tips } from '../tables.ts'

const before = alias(reactions, 'before')

/** The reaction of this id with the one whose place it took; null where it is no longer kept. */
export async function readReacted(tx: Tx, personId: string, id: string) {
  const [row] = await tx
    .select({
      reaction: reactions.reaction,
      at: reactions.at,
      tipId: reactions.tipId,
      decisionId: tips.decisionId,
      before: { id: before.id, reaction: before.reaction },
    })
    .from(reactions)
    .innerJoin(tips, eq(tips.id, reactions.tipId))
    .leftJoin(before, eq(before.replacedBy, reactions.id))
    .where(and(eq(reactions.id, id), eq(reactions.personId, personId)))
  return row ?? null
}

export async function readDecision(tx: Tx, personId: string, id: string) {
  const [row] = await tx
    .select({
      policy: decisions.policy,
      chosen: decisions.chosen,
      candidates: decisions.candidates,
      probabilities: decisions.probabilities,
      featureNames: decisions.featureNames,
      features: decisions.features,
    })
    .from(decisions)
    .where(and(eq(decisions.id, id), eq(decisions.personId, personId)))
  return row ?? null
}
