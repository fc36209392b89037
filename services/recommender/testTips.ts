import { type Ctx, newId, transaction } from '@oo/kernel'
import { decisions, type TipRow, tips } from './tables.ts'

const hourMs = 3_600_000

/** A tip on somebody's page, with the decision behind it. */
export async function shownTip(
  ctx: Ctx,
  personId: string,
  externalId = '1',
  more: Partial<Pick<TipRow, 'source' | 'kind' | 'expiresAt'>> = {},
): Promise<string> {
  const { db } = ctx
  const [decisionId, id, at] = [newId(ctx), newId(ctx), ctx.clock.now()]
  const empty = Buffer.alloc(0)
  await transaction(db, async tx => {
    await tx.insert(decisions).values({
      id: decisionId,
      personId,
      at,
      trigger: 'open',
      policy: 'urgency',
      policyVersion: '1',
      chosen: `todoist:${externalId}`,
      candidates: [`todoist:${externalId}`],
      ineligible: [],
      probabilities: empty,
      scores: empty,
      featureNames: [],
      features: empty,
      shadows: [],
      latencyMs: 1,
    })
    const expiresAt = new Date(at.getTime() + 4 * hourMs)
    const sealed = Buffer.from('sealed words')
    const named = { source: 'todoist', externalId, kind: 'todo' as const, expiresAt, ...more }
    await tx.insert(tips).values({ id, decisionId, personId, ...named, sealed, createdAt: at })
  })
  return id
}
