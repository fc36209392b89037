import { type Db, prepared, type Tx } from '@oo/kernel'
import { and, asc, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { cards, consents, pauses } from './tables.ts'

export type Card = typeof cards.$inferSelect
export type Answer = Omit<typeof consents.$inferSelect, 'seq' | 'personId'>

export async function insertCard(tx: Tx, card: typeof cards.$inferInsert): Promise<void> {
  await tx.insert(cards).values(card)
}

export async function cardOf(db: Db, personId: string): Promise<Card | undefined> {
  const [card] = await db.select().from(cards).where(eq(cards.personId, personId))
  return card
}

/** Changes of one person wait for each other here, so that the last word is the one written last. */
export async function lockCard(tx: Tx, personId: string): Promise<Card | undefined> {
  const [card] = await tx.select().from(cards).where(eq(cards.personId, personId)).for('update')
  return card
}

/** Changes of the person wait until the transaction has ended; others who hold it do not. */
export async function holdCard(tx: Tx, personId: string): Promise<void> {
  await tx
    .select({ personId: cards.personId })
    .from(cards)
    .where(eq(cards.personId, personId))
    .for('key share')
}

export async function updateCard(
  tx: Tx,
  personId: string,
  change: Partial<Pick<Card, 'timeZone' | 'contrast' | 'pausedSince' | 'pausedUntil'>>,
): Promise<Card | undefined> {
  const [card] = await tx.update(cards).set(change).where(eq(cards.personId, personId)).returning()
  return card
}

/** The same pause again moves its end. */
export async function recordPause(tx: Tx, pause: typeof pauses.$inferInsert): Promise<void> {
  const { until } = pause
  const target = [pauses.personId, pauses.since]
  await tx.insert(pauses).values(pause).onConflictDoUpdate({ target, set: { until } })
}

export async function forgetPauses(tx: Tx, personId: string, before: Date): Promise<void> {
  await tx.delete(pauses).where(and(eq(pauses.personId, personId), lt(pauses.until, before)))
}

/** Those that were not over by then, the oldest first. */
export const pausesSince = (db: Db, personIds: readonly string[], then: Date) =>
  db
    .select()
    .from(pauses)
    .where(
      and(
        sql`${pauses.personId} = ANY(${sql.param([...personIds])}::uuid[])`,
        or(isNull(pauses.until), gt(pauses.until, then)),
      ),
    )
    .orderBy(asc(pauses.since))

export const allPauses = (db: Db, personId: string) =>
  db.select().from(pauses).where(eq(pauses.personId, personId)).orderBy(asc(pauses.since))

export async function insertAnswer(tx: Tx, personId: string, answer: Answer): Promise<void> {
  await tx.insert(consents).values({ personId, ...answer })
}

export async function allAnswers(db: Db, personId: string): Promise<Answer[]> {
  return db
    .select({
      purpose: consents.purpose,
      version: consents.version,
      granted: consents.granted,
      at: consents.at,
    })
    .from(consents)
    .where(eq(consents.personId, personId))
    .orderBy(asc(consents.seq))
}

/** Who they are to oO, what they prefer and what they answered last to each purpose. */
export interface Person {
  card: Card
  answers: Answer[]
}

const personRows = prepared((db: Db) => {
  const personId = sql.placeholder('personId')
  const latest = db
    .selectDistinctOn([consents.purpose], {
      purpose: consents.purpose,
      version: consents.version,
      granted: consents.granted,
      at: consents.at,
    })
    .from(consents)
    .where(eq(consents.personId, personId))
    .orderBy(consents.purpose, desc(consents.seq))
    .as('latest')
  const answer = { purpose: latest.purpose, version: latest.version, granted: latest.granted, at: latest.at }
  return db
    .select({ card: cards, answer })
    .from(cards)
    .leftJoin(latest, eq(cards.personId, personId))
    .where(eq(cards.personId, personId))
    .prepare('profile.person')
})

/** All of it in one round trip; undefined when there is no such person. */
export async function findPerson(db: Db, personId: string): Promise<Person | undefined> {
  const rows = await personRows(db, { personId })
  const [first] = rows
  return first && { card: first.card, answers: rows.flatMap(({ answer }) => answer ?? []) }
}

export async function eraseProfile(tx: Tx, personId: string): Promise<number> {
  const answers = await tx.delete(consents).where(eq(consents.personId, personId))
  const past = await tx.delete(pauses).where(eq(pauses.personId, personId))
  const card = await tx.delete(cards).where(eq(cards.personId, personId))
  return (answers.rowCount ?? 0) + (past.rowCount ?? 0) + (card.rowCount ?? 0)
}
