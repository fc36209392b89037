import { type Db, prepared, type Tx } from '@oo/kernel'
import type { Actor } from '@oo/shared-types/handlers'
import { and, desc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import { people, sessions } from '../tables.ts'

export interface LiveSession {
  actor: Actor
  lastSeenAt: Date
  expiresAt: Date
  endsAt: Date
}

const liveSession = prepared((db: Db) =>
  db
    .select({
      id: sessions.id,
      personId: sessions.personId,
      role: people.role,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
      endsAt: sessions.endsAt,
    })
    .from(sessions)
    .leftJoin(people, eq(people.id, sessions.personId))
    .where(
      and(
        eq(sessions.tokenHash, sql.placeholder('tokenHash')),
        gt(sessions.expiresAt, sql.placeholder('now')),
      ),
    )
    .prepare('auth.session'),
)

/** One read per request on the hot path; a session without a person is an admin's by token. */
export async function sessionByHash(db: Db, tokenHash: Buffer, now: Date): Promise<LiveSession | null> {
  const [row] = await liveSession(db, { tokenHash, now })
  if (!row) return null
  const { id, personId, lastSeenAt, expiresAt, endsAt } = row
  const role = personId === null ? 'admin' : (row.role ?? 'person')
  return { actor: { sessionId: id, personId, role }, lastSeenAt, expiresAt, endsAt }
}

export async function insertSession(tx: Tx, session: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(session)
}

export async function touchSession(db: Db, id: string, seen: { at: Date; expiresAt: Date }): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: seen.at, expiresAt: seen.expiresAt }).where(eq(sessions.id, id))
}

export async function sessionExpiry(db: Db, id: string): Promise<Date | null> {
  const [row] = await db.select({ expiresAt: sessions.expiresAt }).from(sessions).where(eq(sessions.id, id))
  return row?.expiresAt ?? null
}

export async function sessionsOf(db: Db, personId: string, now: Date) {
  return db
    .select({
      id: sessions.id,
      device: sessions.device,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .where(and(eq(sessions.personId, personId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
}

export async function deleteSessionByHash(db: Db, tokenHash: Buffer): Promise<string | null> {
  const [gone] = await db
    .delete(sessions)
    .where(eq(sessions.tokenHash, tokenHash))
    .returning({ id: sessions.id })
  return gone?.id ?? null
}

/** False when the session is unknown or someone else's. */
export async function deleteSession(db: Db, personId: string, id: string): Promise<boolean> {
  const gone = await db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.personId, personId)))
  return gone.rowCount === 1
}

export async function deleteSessionsOf(db: Db, personId: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.personId, personId))
}

export async function deleteExpiredSessions(db: Db, now: Date, limit: number): Promise<void> {
  const old = db.select({ id: sessions.id }).from(sessions).where(lte(sessions.expiresAt, now)).limit(limit)
  await db.delete(sessions).where(inArray(sessions.id, old))
}
