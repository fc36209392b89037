import type { Signal } from '@oo/shared-types'
import type { IntegrationsCtx } from '../context.ts'
import { signalOf } from './signal.ts'
import { signalsOf } from './store.ts'

/** As the person sees them: only those that rest on a consent of now. */
export async function listSignals(
  ctx: Pick<IntegrationsCtx, 'db' | 'clock' | 'profiles' | 'signals'>,
  personId: string,
): Promise<Signal[]> {
  const [{ value: kept }, { consents }] = await Promise.all([
    ctx.signals.look(personId, () => signalsOf(ctx.db, personId)),
    ctx.profiles.wishes(personId),
  ])
  const now = ctx.clock.now()
  return kept.flatMap(one => {
    const { type, source, purpose, trust, value, measuredAt, heardAt } = signalOf(one, now)
    if (!consents.has(purpose)) return []
    return {
      ...{ type, source, trust },
      ...(typeof value === 'number' ? { value } : { placeId: value }),
      measuredAt: measuredAt.toISOString(),
      heardAt: heardAt.toISOString(),
    }
  })
}
