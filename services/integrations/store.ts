import { type Db, prepared, type Tx, type Wrapped } from '@oo/kernel'
import { and, asc, eq, gt, inArray, lte, ne, type SQL, sql } from 'drizzle-orm'
import { grants, revocations } from './tables.ts'
import type { Envelope } from './vault.ts'

export type Grant = typeof grants.$inferSelect
export type Revocation = typeof revocations.$inferSelect

/** Every connected source of a person, in one read. */
const grantRows = prepared((db: Db) =>
  db
    .select()
    .from(grants)
    .where(eq(grants.personId, sql.placeholder('personId')))
    .orderBy(grants.connectedAt)
    .prepare('integrations.grants'),
)

export const grantsOf = (db: Db, personId: string): Promise<Grant[]> => grantRows(db, { personId })

/** Grants whose data key lies under another master key than `active`, after a row, locked. */
export async function grantsNotUnder(
  tx: Tx,
  active: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Grant[]> {
  return tx
    .select()
    .from(grants)
    .where(and(ne(grants.kekId, active), after === null ? undefined : gt(grants.id, after)))
    .orderBy(asc(grants.id))
    .limit(limit)
    .for('update')
}

/** The same of what is still to be handed back. */
export async function revocationsNotUnder(
  tx: Tx,
  active: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Revocation[]> {
  return tx
    .select()
    .from(revocations)
    .where(and(ne(revocations.kekId, active), after === null ? undefined : gt(revocations.id, after)))
    .orderBy(asc(revocations.id))
    .limit(limit)
    .for('update')
}

export async function rewrapGrant(tx: Tx, id: string, { kekId, wrapped }: Wrapped): Promise<void> {
  await tx.update(grants).set({ kekId, wrappedKey: wrapped }).where(eq(grants.id, id))
}

export async function rewrapRevocation(tx: Tx, id: string, { kekId, wrapped }: Wrapped): Promise<void> {
  await tx.update(revocations).set({ kekId, wrappedKey: wrapped }).where(eq(revocations.id, id))
}

export async function grantFor(db: Db, personId: string, provider: string): Promise<Grant | undefined> {
  const [grant] = await db.select().from(grants).where(ofPerson(personId, provider))
  return grant
}

export async function grantOfId(db: Db, id: string): Promise<Grant | undefined> {
  const [grant] = await db.select().from(grants).where(eq(grants.id, id))
  return grant
}

const ofPerson = (personId: string, provider: string) =>
  and(eq(grants.personId, personId), eq(grants.provider, provider))

/**
 * Whoever spends or takes away a grant's tokens holds it, by a lock that takes no transaction id: while its holder waits
 * for a provider, readers of the event log go on. So must who waits for it: it comes before the first write of a
 * transaction. Waiting for another process is bounded.
 */
export async function holdGrant(tx: Tx, id: string): Promise<Grant | undefined> {
  await hold(tx, [id])
  const [grant] = await tx.select().from(grants).where(eq(grants.id, id))
  return grant
}

async function hold(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.execute(sql`SET LOCAL lock_timeout = '5s'`)
  for (const id of ids)
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('grant:' || ${id}::text, 0))`)
}

/** For what is written of a grant: nobody who has its row waits for a provider. */
export async function lockGrant(tx: Tx, id: string): Promise<Grant | undefined> {
  const [grant] = await tx.select().from(grants).where(eq(grants.id, id)).for('update')
  return grant
}

/** What a person has at these providers, each locked; in one order for everyone, so that nobody waits in a ring. */
export async function lockGrantsAt(
  tx: Tx,
  personId: string,
  providers: readonly string[],
): Promise<string[]> {
  const which = and(eq(grants.personId, personId), inArray(grants.provider, [...providers]))
  const found = await tx.select({ id: grants.id }).from(grants).where(which).orderBy(grants.id).for('update')
  return found.map(({ id }) => id)
}

export async function insertGrant(
  tx: Tx,
  grant: Pick<
    Grant,
    'id' | 'personId' | 'provider' | 'kekId' | 'wrappedKey' | 'tokens' | 'connectedAt' | 'accountHash'
  >,
): Promise<void> {
  await tx.insert(grants).values(grant)
}

export async function replaceTokens(tx: Tx, grant: Grant, envelope: Envelope): Promise<number> {
  const version = grant.version + 1
  await tx
    .update(grants)
    .set({ ...envelope, version })
    .where(eq(grants.id, grant.id))
  return version
}

/** Only while the refused tokens are still the ones stored. */
export async function markReconnect(db: Db, id: string, version: number): Promise<void> {
  await db
    .update(grants)
    .set({ state: 'reconnect' })
    .where(and(eq(grants.id, id), eq(grants.version, version)))
}

/** The provider said when it may be asked again; every process keeps to it, and to the latest that any heard. */
export async function askNotBefore(db: Db, id: string, at: Date): Promise<void> {
  await db
    .update(grants)
    .set({ askNotBefore: sql`greatest(${grants.askNotBefore}, ${at})` })
    .where(eq(grants.id, id))
}

export async function takeGrant(tx: Tx, personId: string, provider: string): Promise<Grant | undefined> {
  const [grant] = await take(tx, ofPerson(personId, provider))
  return grant
}

export const takeGrants = (tx: Tx, personId: string): Promise<Grant[]> =>
  take(tx, eq(grants.personId, personId))

async function take(tx: Tx, which: SQL | undefined): Promise<Grant[]> {
  const found = await tx.select({ id: grants.id }).from(grants).where(which).orderBy(grants.id)
  await hold(
    tx,
    found.map(({ id }) => id),
  )
  return tx.delete(grants).where(which).returning()
}

export async function insertRevocation(tx: Tx, revocation: Omit<Revocation, 'attempts'>): Promise<void> {
  await tx.insert(revocations).values(revocation)
}

export async function revocationOf(db: Db, id: string): Promise<Revocation | undefined> {
  const [revocation] = await db.select().from(revocations).where(eq(revocations.id, id))
  return revocation
}

export async function countAttempt(tx: Tx, id: string): Promise<number> {
  const [row] = await tx
    .update(revocations)
    .set({ attempts: sql`${revocations.attempts} + 1` })
    .where(eq(revocations.id, id))
    .returning({ attempts: revocations.attempts })
  return row?.attempts ?? 0
}

export async function deleteRevocation(db: Db, id: string): Promise<void> {
  await db.delete(revocations).where(eq(revocations.id, id))
}

export async function deleteOverdue(db: Db, now: Date): Promise<string[]> {
  const overdue = lte(revocations.discardAt, now)
  return (await db.delete(revocations).where(overdue).returning({ id: revocations.id })).map(({ id }) => id)
}
