import { sha256 } from '@oo/kernel'
import type { Receipt } from '@oo/shared-types'
import type { AuthCtx } from './context.ts'
import { receiptByHash, stepsOf } from './store/receipts.ts'

/** How far a deletion has come; whoever holds the number may know, nobody else can guess it. */
export async function readReceipt(ctx: AuthCtx, id: string): Promise<Receipt | null> {
  const receipt = await receiptByHash(ctx.db, sha256(id))
  if (!receipt) return null
  const steps = await stepsOf(ctx.db, receipt.idHash)
  return {
    id,
    state: receipt.finishedAt ? 'done' : 'running',
    requestedAt: receipt.requestedAt.toISOString(),
    ...(receipt.finishedAt && { finishedAt: receipt.finishedAt.toISOString() }),
    steps: steps.map(({ name, done, rows, note }) => ({
      name,
      state: done ? 'done' : 'waiting',
      rows,
      ...(note !== null && { note }),
    })),
  }
}
