import { changed, Problem, secretToken, sha256, transaction } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { erasePersonJob, erasersOf, keyStep } from './erasePerson.ts'
import { authProblems } from './errors.ts'
import { sessionsTopic } from './sessionMemory.ts'
import { lockPerson, markErasing } from './store/people.ts'
import { insertReceipt } from './store/receipts.ts'
import { deleteSessionsOf } from './store/sessions.ts'

/**
 * Signs the person out everywhere and makes the deletion durable; only the answer knows the receipt's number. Nobody
 * is told before the ledger has it too: a restore of an older backup must not bring the person back.
 */
export async function requestErasure(ctx: AuthCtx, personId: string): Promise<{ receiptId: string }> {
  const receiptId = secretToken(ctx.random)
  const receiptHash = sha256(receiptId)
  await confirmable(ctx, ctx.ledger.check())
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
    changed(tx, sessionsTopic, personId)
  })
  await confirmable(ctx, ctx.ledger.record(personId, ctx.clock.now()))
  return { receiptId }
}

async function confirmable(ctx: AuthCtx, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    ctx.log.error({ err: error }, 'the ledger of deletions cannot be written')
    throw new Problem(authProblems.ledgerAway, { cause: error, retryAfterSeconds: 60 })
  }
}

export const enqueueErasure = (
  ctx: AuthCtx,
  db: AuthCtx['db'] | Parameters<AuthCtx['jobs']['enqueue']>[0],
  { personId, receiptHash }: { personId: string; receiptHash: Buffer },
): Promise<void> =>
  ctx.jobs.enqueue(db, erasePersonJob, { personId, receiptHash: receiptHash.toString('hex') })
