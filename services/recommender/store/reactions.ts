// What people did with their tips, and how far the provider has been told.
import type { Db, Tx } from '@oo/kernel'
import { and, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { type ReactionRow, type ReactionState, reactions, type TipRow, tips } from '../tables.ts'

export async function liveReaction(tx: Tx, tipId: string): Promise<ReactionRow | null> {
  const [row] = await tx
    .select()
    .from(reactions)
    .where(and(eq(reactions.tipId, tipId), isNull(reactions.undoneAt), isNull(reactions.replacedBy)))
  return row ?? null
}

/** The tip of a reaction; whoever holds it is the only one who changes its reactions. */
export async function lockTipOf(tx: Tx, personId: string, id: string): Promise<TipRow | null> {
  const tipId = tx
    .select({ id: reactions.tipId })
    .from(reactions)
    .where(and(eq(reactions.id, id), eq(reactions.personId, personId)))
  const [tip] = await tx.select().from(tips).where(inArray(tips.id, tipId)).for('update')
  return tip ?? null
}

export async function lockReaction(tx: Tx, personId: string, id: string): Promise<ReactionRow | null> {
  const [row] = await tx
    .select()
    .from(reactions)
    .where(and(eq(reactions.id, id), eq(reactions.personId, personId)))
    .for('update')
  return row ?? null
}

export async function markUndone(tx: Tx, id: string, at: Date, state: ReactionState): Promise<void> {
  await tx.update(reactions).set({ undoneAt: at, state }).where(eq(reactions.id, id))
}

export async function readForSettling(db: Db, id: string) {
  const [row] = await db
    .select({ reaction: reactions, source: tips.source, externalId: tips.externalId })
    .from(reactions)
    .innerJoin(tips, eq(tips.id, reactions.tipId))
    .where(eq(reactions.id, id))
  return row ?? null
}

/** From when until when the provider was told: what it says was completed meanwhile was completed by oO. */
export async function noteTelling(
  db: Db,
  id: string,
  moment: 'tellingAt' | 'toldAt',
  at: Date,
): Promise<void> {
  const isFirst = moment === 'tellingAt' ? isNull(reactions.tellingAt) : undefined
  await db
    .update(reactions)
    .set({ [moment]: at })
    .where(and(eq(reactions.id, id), isFirst))
}

/** Moves a reaction on, but only from where the caller believes it to be. */
export async function moveState(
  db: Db,
  id: string,
  from: ReactionState[],
  to: ReactionState,
): Promise<boolean> {
  const moved = await db
    .update(reactions)
    .set({ state: to })
    .where(and(eq(reactions.id, id), sql`${reactions.state} = ANY(${sql.param(from)}::text[])`))
  return moved.rowCount === 1
}

/** Whether an undo of this tip's `done` is on its way to the provider. */
export async function isReopening(db: Db, tipId: string): Promise<boolean> {
  const waiting = await db.$count(
    reactions,
    and(eq(reactions.tipId, tipId), eq(reactions.state, 'reopening')),
  )
  return waiting > 0
}

/** Two jobs of one tip never talk to the provider at the same time. */
export async function holdSettling(tx: Tx, id: string): Promise<void> {
  await tx
    .select({ held: sql`pg_advisory_xact_lock(hashtextextended('settle:' || ${reactions.tipId}, 0))` })
    .from(reactions)
    .where(eq(reactions.id, id))
}

export const recentReactions = (db: Db, personId: string, since: Date) =>
  db
    .select({
      reaction: reactions,
      kind: tips.kind,
      source: tips.source,
      externalId: tips.externalId,
      createdAt: tips.createdAt,
      expiresAt: tips.expiresAt,
    })
    .from(reactions)
    .innerJoin(tips, eq(tips.id, reactions.tipId))
    .where(
      and(eq(reactions.personId, personId), gt(reactions.recordedAt, since), isNull(reactions.replacedBy)),
    )
    .orderBy(desc(reactions.recordedAt))
    .limit(200)

export const reactionsOf = (db: Db, personId: string) =>
  db.select().from(reactions).where(eq(reactions.personId, personId)).orderBy(desc(reactions.recordedAt))

export async function eraseReactions(tx: Tx, personId: string): Promise<number> {
  const gone = await tx.delete(reactions).where(eq(reactions.personId, personId))
  return gone.rowCount ?? 0
}
