// A tip's text is the one thing of a provider that is kept, sealed with the person's key, until the tip ends.
import type { Sealer } from '@oo/auth'
import type { OpenTask, TaskAttributes } from '@oo/integrations'
import type { Tip } from '@oo/shared-types'
import { contextLine } from './contextLine.ts'
import type { Answer } from './store/answers.ts'

interface TipText {
  text: string
  url: string | null
  due: TaskAttributes['due']
}

const place = (tipId: string): string => `recommender.tips.sealed:${tipId}`

export function sealTipText(sealer: Sealer, tipId: string, task: OpenTask): Buffer {
  const kept: TipText = { text: task.text, url: task.url, due: task.attributes.due }
  return sealer.seal(JSON.stringify(kept), place(tipId))
}

const openTipText = (sealer: Sealer, tipId: string, sealed: Buffer): TipText =>
  JSON.parse(sealer.open(sealed, place(tipId)))

/** A tip as the contract shows it; undefined when its text is gone. */
export function viewTip(
  sealer: Sealer,
  { tip, policy }: Pick<Answer, 'tip' | 'policy'>,
  { now, timeZone }: { now: Date; timeZone: string },
): Tip | undefined {
  if (!tip?.sealed) return undefined
  const { text, url, due } = openTipText(sealer, tip.id, tip.sealed)
  const context = contextLine(due, now, timeZone)
  return {
    id: tip.id,
    decisionId: tip.decisionId,
    kind: tip.kind,
    text,
    ...(context && { context }),
    source: { provider: tip.source, ...(url && { url }) },
    policy,
    createdAt: tip.createdAt.toISOString(),
    expiresAt: tip.expiresAt.toISOString(),
  }
}
