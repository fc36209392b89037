import type { Db, Tx } from '@oo/kernel'
import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import { receiptSteps, receipts } from '../tables.ts'

export interface Step {
  position: number
  name: string
  done: boolean
  rows: number
  note: string | null
}

export async function insertReceipt(
  tx: Tx,
  receipt: { idHash: Buffer; at: Date; steps: readonly string[] },
): Promise<void> {
  const { idHash, at, steps } = receipt
  await tx.insert(receipts).values({ idHash, requestedAt: at })
  await tx
    .insert(receiptSteps)
    .values(steps.map((name, position) => ({ receiptHash: idHash, position, name })))
}

export async function receiptByHash(db: Db, idHash: Buffer) {
  const [receipt] = await db.select().from(receipts).where(eq(receipts.idHash, idHash))
  return receipt ?? null
}

/** One worker at a time goes on with a deletion; a second one waits here and then finds the step done. */
export async function lockReceipt(tx: Tx, idHash: Buffer): Promise<{ finished: boolean } | null> {
  const [row] = await tx.select().from(receipts).where(eq(receipts.idHash, idHash)).for('update')
  return row ? { finished: row.finishedAt !== null } : null
}

export async function stepsOf(db: Db, receiptHash: Buffer): Promise<Step[]> {
  return db
    .select({
      position: receiptSteps.position,
      name: receiptSteps.name,
      done: receiptSteps.done,
      rows: receiptSteps.rows,
      note: receiptSteps.note,
    })
    .from(receiptSteps)
    .where(eq(receiptSteps.receiptHash, receiptHash))
    .orderBy(asc(receiptSteps.position))
}

/** Adds what was removed now to what was removed before; a note that is there already stays. */
export async function recordStep(
  tx: Tx,
  receiptHash: Buffer,
  step: { name: string; rows: number; note?: string },
): Promise<void> {
  await tx
    .update(receiptSteps)
    .set({
      done: true,
      rows: sql`${receiptSteps.rows} + ${step.rows}`,
      note: sql`coalesce(${receiptSteps.note}, ${step.note ?? null})`,
    })
    .where(and(eq(receiptSteps.receiptHash, receiptHash), eq(receiptSteps.name, step.name)))
}

export async function finishReceipt(tx: Tx, idHash: Buffer, at: Date): Promise<void> {
  await tx.update(receipts).set({ finishedAt: at }).where(eq(receipts.idHash, idHash))
}

export async function deleteOldReceipts(db: Db, before: Date, limit: number): Promise<void> {
  const old = db
    .select({ idHash: receipts.idHash })
    .from(receipts)
    .where(lt(receipts.requestedAt, before))
    .limit(limit)
  await db.delete(receipts).where(inArray(receipts.idHash, old))
}
