import { onCommit, Problem, secretToken, sha256, transaction } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { erasePersonJob, erasersOf, keyStep } from './erasePerson.ts'
import { authProblems } from './errors.ts'
import { lockPerson, markErasing } from './store/people.ts'
import { insertReceipt } from './store/receipts.ts'
import { deleteSessionsOf } from './store/sessions.ts'

/** Signs the person out everywhere and makes the deletion durable; only the answer knows the receipt's number. */
export async function requestErasure(ctx: AuthCtx, personId: string): Promise<{ receiptId: string }> {
  const receiptId = secretToken(ctx.random)
  const receiptHash = sha256(receiptId)
  await transaction(ctx.db, async tx => {
    const person = await lockPerson(tx, personId)
    if (!person) throw new Problem(authProblems.personGone)
    if (person.erasing) throw new Problem(authProblems.beingDeleted)
    const at = ctx.clock.now()
    await markErasing(tx, personId, { at, receiptHash })
    await deleteSessionsOf(tx, personId)
    const steps = [...erasersOf(ctx).map(({ module }) => module), keyStep]
    await insertReceipt(tx, { idHash: receiptHash, at, steps })
    await enqueueErasure(ctx, tx, { personId, receiptHash })
    onCommit(tx, () => ctx.sessionMemory.dropPerson(personId))
  })
  return { receiptId }
}

export const enqueueErasure = (
  ctx: AuthCtx,
  db: AuthCtx['db'] | Parameters<AuthCtx['jobs']['enqueue']>[0],
  { personId, receiptHash }: { personId: string; receiptHash: Buffer },
): Promise<void> =>
  ctx.jobs.enqueue(db, erasePersonJob, { personId, receiptHash: receiptHash.toString('hex') })
