import { inSpan, Problem } from '@oo/kernel'
import type { ReactionKind } from '@oo/shared-types'
import { context } from '@opentelemetry/api'
import type { RecommenderCtx } from './context.ts'
import { onlySnoozeHasTime, snoozeNeedsTime } from './errors.ts'
import { rules } from './reactionRules.ts'
import { sketcher } from './sketcher.ts'
import type { Reacted } from './wantedReaction.ts'

const yearMs = 366 * 86_400_000

interface ReactInput {
  personId: string
  tipId: string
  reaction: ReactionKind
  snoozeUntil: string | undefined
  at: string | undefined
}

/** Records a reaction for good. The same reaction again, from a double tap or a retry, answers the same. */
export async function react(ctx: RecommenderCtx, input: ReactInput): Promise<Reacted> {
  const now = ctx.clock.now()
  const snoozeUntil = snoozeTime(input, now)
  const sketchOf = rules[input.reaction].refuses ? await sketcher(ctx, input.personId) : null
  return inSpan('reaction transaction', {}, () =>
    ctx.reactions.write({ ...input, snoozeUntil, now, sketchOf, within: context.active() }),
  )
}

function snoozeTime({ reaction, snoozeUntil }: ReactInput, now: Date): Date | null {
  if (reaction !== 'snooze') {
    if (snoozeUntil !== undefined) throw new Problem(onlySnoozeHasTime)
    return null
  }
  const until = snoozeUntil ? new Date(snoozeUntil) : now
  // Also refuses what is no moment at all, such as a 61st second: every comparison with it is false.
  if (!(until > now && until.getTime() <= now.getTime() + yearMs)) throw new Problem(snoozeNeedsTime)
  return until
}
