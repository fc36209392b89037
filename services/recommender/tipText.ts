// A tip's text is the one thing of a provider that is kept, sealed with the person's key, until the tip ends.
import type { Sealer } from '@oo/auth'
import type { Tip } from '@oo/shared-types'
import { contextLine } from './contextLine.ts'
import type { Words } from './decided.ts'
import type { Answer } from './store/answers.ts'

interface TipText extends Words {
  hint?: Tip['hint']
}

const place = (tipId: string): string => `recommender.tips.sealed:${tipId}`

export const sealTipText = (sealer: Sealer, tipId: string, kept: TipText): Buffer =>
  sealer.seal(JSON.stringify(kept), place(tipId))

export const openTipText = (sealer: Sealer, tipId: string, sealed: Buffer): TipText =>
  JSON.parse(sealer.open(sealed, place(tipId)))

/** A tip as the contract shows it; undefined when its text is gone. */
export function viewTip(
  sealer: Sealer,
  { tip, policy }: Pick<Answer, 'tip' | 'policy'>,
  { now, timeZone }: { now: Date; timeZone: string },
): Tip | undefined {
  if (!tip?.sealed) return undefined
  const { text, url, due, hint } = openTipText(sealer, tip.id, tip.sealed)
  const context = contextLine(due, now, timeZone)
  return {
    id: tip.id,
    decisionId: tip.decisionId,
    kind: tip.kind,
    text,
    ...(context && { context }),
    ...(hint && { hint }),
    source: { provider: tip.source, ...(url && { url }) },
    policy,
    createdAt: tip.createdAt.toISOString(),
    expiresAt: tip.expiresAt.toISOString(),
  }
}
