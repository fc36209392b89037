// What ends a signal: its person leaves, its source goes, its consent is withdrawn, or 30 days.
import { changed, type Tx } from '@oo/kernel'
import type { IntegrationsCtx } from '../context.ts'
import { allSignalTypes, signalTypes } from './signal.ts'
import { signalsTopic } from './signalsMemory.ts'
import { deleteOldSignals, deleteSignals } from './store.ts'

const keptMs = 30 * 86_400_000

export async function forgetSignals(
  tx: Tx,
  personId: string,
  which: Parameters<typeof deleteSignals>[2] = {},
): Promise<number> {
  changed(tx, signalsTopic, personId)
  return deleteSignals(tx, personId, which)
}

/** Whatever rests on a consent goes with it. */
export const forgetWithout = (tx: Tx, personId: string, purpose: string): Promise<number> =>
  forgetSignals(tx, personId, {
    types: allSignalTypes.filter(type => signalTypes[type].purpose === purpose),
  })

/** What memory still has of them says nothing: it is stale long before. */
export const discardOldSignals = (ctx: Pick<IntegrationsCtx, 'db' | 'clock'>): Promise<void> =>
  deleteOldSignals(ctx.db, new Date(ctx.clock.now().getTime() - keptMs))
