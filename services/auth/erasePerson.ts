import { changed, type Tx, transaction } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { keyTopic } from './keyMemory.ts'
import { sessionsTopic } from './sessionMemory.ts'
import { deletePerson } from './store/people.ts'
import { finishReceipt, lockReceipt, receiptByHash, recordStep, stepsOf } from './store/receipts.ts'

export const erasePersonJob = 'erase-person'
export const keyStep = 'person key'

/** Every module's eraser but auth's own, which is the last step. */
export const erasersOf = (ctx: AuthCtx) => ctx.hooks.erasers().filter(({ module }) => module !== 'auth')

/**
 * Removes a person from every module, each in a transaction of its own with its step of the receipt, so that a
 * deletion that is killed goes on where it was. Then, at once: what was written meanwhile, the key, the person.
 */
export async function erasePerson(
  ctx: AuthCtx,
  input: { personId: string; receiptHash: Buffer; signal: AbortSignal },
): Promise<void> {
  const { personId, receiptHash, signal } = input
  const receipt = await receiptByHash(ctx.db, receiptHash)
  if (!receipt || receipt.finishedAt) return
  await ctx.ledger.record(personId, ctx.clock.now())
  for (const { name, done } of await stepsOf(ctx.db, receiptHash)) {
    signal.throwIfAborted()
    if (!done && name !== keyStep) await eraseStep(ctx, { personId, receiptHash, name })
  }
  signal.throwIfAborted()
  await transaction(ctx.db, tx => eraseRest(ctx, tx, { personId, receiptHash }))
  ctx.log.info('a person was erased')
}

async function eraseStep(
  ctx: AuthCtx,
  { personId, receiptHash, name }: { personId: string; receiptHash: Buffer; name: string },
): Promise<void> {
  const found = erasersOf(ctx).find(({ module }) => module === name)
  if (!found) throw new Error(`No module ${name} is here to erase its part; start it, the job tries again.`)
  await transaction(ctx.db, async tx => {
    await lockReceipt(tx, receiptHash)
    const step = (await stepsOf(tx, receiptHash)).find(candidate => candidate.name === name)
    if (!step || step.done) return
    await recordStep(tx, receiptHash, { name, ...(await found.eraser.erase(tx, personId)) })
  })
}

async function eraseRest(
  ctx: AuthCtx,
  tx: Tx,
  { personId, receiptHash }: { personId: string; receiptHash: Buffer },
): Promise<void> {
  const receipt = await lockReceipt(tx, receiptHash)
  if (!receipt || receipt.finished) return
  // A request that was under way may have written after its module's step.
  for (const { module, eraser } of erasersOf(ctx))
    await recordStep(tx, receiptHash, { name: module, ...(await eraser.erase(tx, personId)) })
  const rows = await deletePerson(tx, personId)
  await recordStep(tx, receiptHash, {
    name: keyStep,
    rows,
    note: 'What was sealed with it cannot be read any more, in no copy.',
  })
  await ctx.events.append(tx, null, {
    case: 'accountDeleted',
    value: { receiptId: receiptHash.toString('hex') },
  })
  await finishReceipt(tx, receiptHash, ctx.clock.now())
  changed(tx, keyTopic, personId)
  changed(tx, sessionsTopic, personId)
}
