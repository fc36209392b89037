import type { IntegrationsCtx } from '../context.ts'
import { deliveriesSeen } from './sources.ts'
import { deleteDeliveriesUntil, deleteUnseenDeliveries, sourceIdsAfter } from './store.ts'

/** Longer than the two replay windows within which a delivery can come again as it was. */
const repeatedKnownMs = 3_600_000
const keptMs = 30 * 86_400_000
const usualBatch = { sources: 100, deliveries: 10_000 }

/** A bounded part at a time, over an index; a round that is interrupted is gone on with in the next. */
export async function forgetOldIngress(
  { db, clock }: Pick<IntegrationsCtx, 'db' | 'clock'>,
  batch = usualBatch,
): Promise<void> {
  const ago = (ms: number) => new Date(clock.now().getTime() - ms)
  const whole = async (discard: () => Promise<number>) => {
    while ((await discard()) === batch.deliveries);
  }
  await whole(() => deleteDeliveriesUntil(db, ago(keptMs), batch.deliveries))
  let sources = await sourceIdsAfter(db, '', batch.sources)
  while (sources.length > 0) {
    const of = { sources, until: ago(repeatedKnownMs), seen: deliveriesSeen }
    await whole(() => deleteUnseenDeliveries(db, of, batch.deliveries))
    sources = await sourceIdsAfter(db, sources.at(-1) ?? '', batch.sources)
  }
}
