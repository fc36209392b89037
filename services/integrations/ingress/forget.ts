import type { IntegrationsCtx } from '../context.ts'
import { deliveriesSeen } from './sources.ts'
import { forgetIngressDeliveries } from './store.ts'

/** Longer than the two replay windows within which a delivery can come again as it was. */
const repeatedKnownMs = 3_600_000
const keptMs = 30 * 86_400_000

export async function forgetOldIngress({ db, clock }: Pick<IntegrationsCtx, 'db' | 'clock'>): Promise<void> {
  const ago = (ms: number) => new Date(clock.now().getTime() - ms)
  await forgetIngressDeliveries(db, {
    before: ago(keptMs),
    repeatedBefore: ago(repeatedKnownMs),
    seen: deliveriesSeen,
  })
}
