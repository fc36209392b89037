// The one current answer of each person, and the decisions behind it.
import { type Db, prepared, type Tx } from '@oo/kernel'
import type { SilenceReason } from '@oo/shared-types'
import { and, desc, eq, gt, inArray, isNull, lt, lte, sql } from 'drizzle-orm'
import { current, decisions, type TipRow, tips } from '../tables.ts'

export interface Answer {
  decisionId: string
  decidedAt: Date
  policy: string
  tip: TipRow | null
  silence: SilenceReason | null
  until: Date | null
}

/** The answer that stands, with the version of its row: it changes whenever the row is written. */
export interface CurrentAnswer extends Answer {
  version: string
}

const answerOf = prepared((db: Db) =>
  db
    .select({
      version: sql<string>`${current}.xmin::text`,
      decisionId: current.decisionId,
      decidedAt: decisions.at,
      policy: decisions.policy,
      tip: tips,
      silence: current.silence,
      until: current.until,
    })
    .from(current)
    .innerJoin(decisions, eq(decisions.id, current.decisionId))
    .leftJoin(tips, eq(tips.id, current.tipId))
    .where(eq(current.personId, sql.placeholder('personId')))
    .prepare('recommender.answer'),
)

export async function readAnswer(db: Db, personId: string): Promise<CurrentAnswer | null> {
  const [row] = await answerOf(db, { personId })
  return row ?? null
}

export interface NewAnswer {
  personId: string
  decisionId: string
  tipId: string | null
  silence: SilenceReason | null
  until: Date | null
}

export async function setAnswer(tx: Tx, answer: NewAnswer): Promise<void> {
  const { personId: _, ...values } = answer
  await tx.insert(current).values(answer).onConflictDoUpdate({ target: current.personId, set: values })
}

/** False when another answer stands by now. */
export async function clearAnswer(tx: Tx, personId: string, decisionId: string): Promise<boolean> {
  const gone = await tx
    .delete(current)
    .where(and(eq(current.personId, personId), eq(current.decisionId, decisionId)))
  return gone.rowCount === 1
}

/** Ends a tip once; its sealed text goes with it. Answers whether this call ended it. */
export async function endTip(tx: Tx, tipId: string, at: Date, reason: string): Promise<boolean> {
  const ended = await tx
    .update(tips)
    .set({ endedAt: at, endReason: reason, sealed: null })
    .where(and(eq(tips.id, tipId), isNull(tips.endedAt)))
  return ended.rowCount === 1
}

export interface EndedTip {
  tipId: string
  decisionId: string
  personId: string
}

/** Tips whose time is over, a batch at a time: their text must not outlive them. */
export async function endExpiredTips(tx: Tx, now: Date, limit: number): Promise<EndedTip[]> {
  const over = tx
    .select({ id: tips.id })
    .from(tips)
    .where(and(isNull(tips.endedAt), lte(tips.expiresAt, now)))
    .limit(limit)
    .for('update', { skipLocked: true })
  return tx
    .update(tips)
    .set({ endedAt: now, endReason: 'expired', sealed: null })
    .where(inArray(tips.id, over))
    .returning({ tipId: tips.id, decisionId: tips.decisionId, personId: tips.personId })
}

/** A tip of these sources whose end tells a time of the person's life; one that ended where it began tells none. */
const tellsMoment = (sources: readonly string[]) =>
  and(inArray(tips.source, [...sources]), gt(tips.expiresAt, tips.createdAt))

/** What was made before this moment keeps no time of it: it ends where it began, and no undo brings it back. */
export async function forgetMoments(
  tx: Tx,
  personId: string,
  { before, sources }: { before: Date; sources: readonly string[] },
): Promise<void> {
  await lockTips(tx, personId)
  await tx
    .update(tips)
    .set({ expiresAt: sql`${tips.createdAt}` })
    .where(and(eq(tips.personId, personId), lt(tips.createdAt, before), tellsMoment(sources)))
}

/** Tips whose day is over, a batch at a time, the longest over first; their moments are forgotten. */
export async function closeDueTips(
  tx: Tx,
  { before, now, limit, moments }: { before: Date; now: Date; limit: number; moments: readonly string[] },
): Promise<(EndedTip & { shownAt: Date | null })[]> {
  const since = sql`coalesce(${tips.shownAt}, ${tips.createdAt})`
  const due = tx
    .select({ id: tips.id })
    .from(tips)
    .where(and(isNull(tips.closedAt), sql`${since} <= ${before.toISOString()}::timestamptz`))
    .orderBy(since)
    .limit(limit)
    .for('update', { skipLocked: true })
  const expiresAt = sql`CASE WHEN ${tellsMoment(moments)} THEN ${tips.createdAt} ELSE ${tips.expiresAt} END`
  return tx.update(tips).set({ closedAt: now, expiresAt }).where(inArray(tips.id, due)).returning({
    tipId: tips.id,
    decisionId: tips.decisionId,
    personId: tips.personId,
    shownAt: tips.shownAt,
  })
}

/** Decisions older than they are kept, with their tips and reactions; answers how many of this batch. */
export async function forgetDecisions(db: Db, before: Date, limit: number): Promise<number> {
  const old = db.select({ id: decisions.id }).from(decisions).where(lt(decisions.at, before)).limit(limit)
  const gone = await db.delete(decisions).where(inArray(decisions.id, old))
  return gone.rowCount ?? 0
}

/** Everyone who touches a tip and the answer it stands in takes the tip first. */
export async function lockTips(tx: Tx, personId: string): Promise<void> {
  await tx
    .select({ id: tips.id })
    .from(tips)
    .where(eq(tips.personId, personId))
    .orderBy(tips.id)
    .for('update')
}

export async function readTip(db: Db, personId: string, tipId: string): Promise<TipRow | null> {
  const [row] = await db
    .select()
    .from(tips)
    .where(and(eq(tips.id, tipId), eq(tips.personId, personId)))
  return row ?? null
}

export async function markShown(tx: Tx, tipId: string, at: Date): Promise<boolean> {
  const marked = await tx
    .update(tips)
    .set({ shownAt: at, closedAt: null })
    .where(and(eq(tips.id, tipId), isNull(tips.shownAt)))
  return marked.rowCount === 1
}

export async function reviveTip(
  tx: Tx,
  tipId: string,
  { sealed, expiresAt }: { sealed: Buffer; expiresAt: Date },
): Promise<void> {
  await tx.update(tips).set({ endedAt: null, endReason: null, sealed, expiresAt }).where(eq(tips.id, tipId))
}

export const decisionsOf = (db: Db, personId: string) =>
  db.select().from(decisions).where(eq(decisions.personId, personId)).orderBy(desc(decisions.at))

export const tipsOf = (db: Db, personId: string) =>
  db.select().from(tips).where(eq(tips.personId, personId)).orderBy(desc(tips.createdAt))

export async function eraseAnswers(tx: Tx, personId: string): Promise<number> {
  const answers = await tx.delete(current).where(eq(current.personId, personId))
  const shown = await tx.delete(tips).where(eq(tips.personId, personId))
  const decided = await tx.delete(decisions).where(eq(decisions.personId, personId))
  return (answers.rowCount ?? 0) + (shown.rowCount ?? 0) + (decided.rowCount ?? 0)
}
