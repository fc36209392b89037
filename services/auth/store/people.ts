import type { Db, Tx, Wrapped } from '@oo/kernel'
import { and, asc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm'
import { adminSeed, identities, people, personKeys } from '../tables.ts'

export interface KnownPerson {
  personId: string
  erasing: boolean
}

/** Who signs in by this identity. */
export async function personBySubject(db: Db, subjectHash: Buffer): Promise<KnownPerson | null> {
  const [row] = await db
    .select({ personId: people.id, erasingSince: people.erasingSince })
    .from(identities)
    .innerJoin(people, eq(people.id, identities.personId))
    .where(eq(identities.subjectHash, subjectHash))
  return row ? { personId: row.personId, erasing: row.erasingSince !== null } : null
}

/** A unique violation means that the same identity was created a moment ago by another request. */
export async function insertPerson(
  tx: Tx,
  person: { id: string; issuer: string; subjectHash: Buffer; key: Wrapped; at: Date },
): Promise<void> {
  const { id, issuer, subjectHash, key, at } = person
  await tx.insert(people).values({ id, createdAt: at })
  await tx.insert(identities).values({ subjectHash, issuer, personId: id, createdAt: at })
  await tx.insert(personKeys).values({ personId: id, kekId: key.kekId, wrapped: key.wrapped, createdAt: at })
}

/** Keeps a deletion from beginning while the transaction that asks goes on. */
export async function lockPerson(tx: Tx, personId: string): Promise<{ erasing: boolean } | null> {
  const [row] = await tx
    .select({ erasingSince: people.erasingSince })
    .from(people)
    .where(eq(people.id, personId))
    .for('update')
  return row ? { erasing: row.erasingSince !== null } : null
}

export async function canSeedAdmin(db: Db): Promise<boolean> {
  if ((await db.$count(adminSeed)) > 0) return false
  return (await db.$count(people, eq(people.role, 'admin'))) === 0
}

/** The one row of admin_seed makes a second admin by seed impossible, also for two who arrive at once. */
export async function seedAdmin(tx: Tx, personId: string, at: Date): Promise<boolean> {
  if (!(await canSeedAdmin(tx))) return false
  const seeded = await tx.insert(adminSeed).values({ seededAt: at }).onConflictDoNothing()
  if (seeded.rowCount !== 1) return false
  await tx.update(people).set({ role: 'admin' }).where(eq(people.id, personId))
  return true
}

export async function wrappedKeyOf(db: Db, personId: string): Promise<Wrapped | null> {
  const [row] = await db
    .select({ kekId: personKeys.kekId, wrapped: personKeys.wrapped })
    .from(personKeys)
    .where(eq(personKeys.personId, personId))
  return row ?? null
}

export interface WrappedKeyRow extends Wrapped {
  personId: string
}

/** Keys under another master key than `active`, after a person, locked. */
export async function keysNotUnder(
  tx: Tx,
  active: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<WrappedKeyRow[]> {
  return tx
    .select({ personId: personKeys.personId, kekId: personKeys.kekId, wrapped: personKeys.wrapped })
    .from(personKeys)
    .where(and(ne(personKeys.kekId, active), after === null ? undefined : gt(personKeys.personId, after)))
    .orderBy(asc(personKeys.personId))
    .limit(limit)
    .for('update')
}

export async function replaceKey(tx: Tx, personId: string, { kekId, wrapped }: Wrapped): Promise<void> {
  await tx.update(personKeys).set({ kekId, wrapped }).where(eq(personKeys.personId, personId))
}

/** Everyone, a page at a time, in the order of their ids. */
export async function peopleAfter(db: Db, after: string | null, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: people.id })
    .from(people)
    .where(after === null ? undefined : gt(people.id, after))
    .orderBy(asc(people.id))
    .limit(limit)
  return rows.map(({ id }) => id)
}

export async function markErasing(
  tx: Tx,
  personId: string,
  mark: { at: Date; receiptHash: Buffer },
): Promise<void> {
  await tx
    .update(people)
    .set({ erasingSince: mark.at, erasingReceipt: mark.receiptHash })
    .where(eq(people.id, personId))
}

/** Deletions that are still to be finished, the oldest first. */
export async function unfinishedErasures(
  db: Db,
  limit: number,
): Promise<{ personId: string; receiptHash: Buffer }[]> {
  const rows = await db
    .select({ personId: people.id, receiptHash: people.erasingReceipt })
    .from(people)
    .where(isNotNull(people.erasingSince))
    .orderBy(asc(people.erasingSince))
    .limit(limit)
  return rows.flatMap(({ personId, receiptHash }) => (receiptHash ? [{ personId, receiptHash }] : []))
}

/** The person, how they sign in, where they are signed in, and the key: every row of theirs in this schema. */
export async function deletePerson(tx: Tx, personId: string): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(sql`
    WITH s AS (DELETE FROM auth.sessions WHERE person_id = ${personId} RETURNING 1),
         i AS (DELETE FROM auth.identities WHERE person_id = ${personId} RETURNING 1),
         k AS (DELETE FROM auth.person_keys WHERE person_id = ${personId} RETURNING 1)
    SELECT (SELECT count(*) FROM s) + (SELECT count(*) FROM i) + (SELECT count(*) FROM k) AS count`)
  const gone = await tx.delete(people).where(eq(people.id, personId))
  return Number(rows[0]?.count ?? 0) + (gone.rowCount ?? 0)
}

export async function accountOf(db: Db, personId: string) {
  return db
    .select({
      id: people.id,
      role: people.role,
      createdAt: people.createdAt,
      keyMadeAt: personKeys.createdAt,
    })
    .from(people)
    .leftJoin(personKeys, eq(personKeys.personId, people.id))
    .where(eq(people.id, personId))
}

export async function identitiesOf(db: Db, personId: string) {
  return db
    .select({ issuer: identities.issuer, since: identities.createdAt })
    .from(identities)
    .where(eq(identities.personId, personId))
    .orderBy(asc(identities.createdAt))
}
