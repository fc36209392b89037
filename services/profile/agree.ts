import { Problem, type Tx } from '@oo/kernel'
import type { Purpose } from '@oo/shared-types'
import type { ProfileCtx } from './context.ts'
import { errors } from './errors.ts'
import { purposes } from './purposes.ts'
import { record } from './record.ts'
import { lockCard } from './store.ts'

/** A yes to the current text, given by what the person did, for example by connecting a source. */
export async function agree(
  ctx: ProfileCtx,
  tx: Tx,
  { personId, purpose }: { personId: string; purpose: Purpose },
): Promise<void> {
  if (!(await lockCard(tx, personId))) throw new Problem(errors.gone)
  await record(ctx, tx, personId, { purpose, version: purposes[purpose].version, granted: true })
}
