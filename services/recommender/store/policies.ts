// Where policies stand, the steps they took, the alarms that were told, and what the judge in ml found last.
import type { Db, Tx } from '@oo/kernel'
import { asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { policies, policyAlarms, policySteps } from '../tables.ts'

export type PolicyRow = typeof policies.$inferSelect
export type PolicyStep = typeof policySteps.$inferSelect
export type PolicyAlarmRow = typeof policyAlarms.$inferSelect

const deciding = ['canary_5', 'canary_20', 'launched'] as const
const mostPolicies = 50

/** Those that decide for somebody: the launched one and the one on trial. */
export const readDeciding = (db: Db): Promise<PolicyRow[]> =>
  db.select().from(policies).where(inArray(policies.state, deciding))

export const readPolicies = (db: Db): Promise<PolicyRow[]> =>
  db.select().from(policies).orderBy(asc(policies.name)).limit(mostPolicies)

export const stepsOf = (db: Db, policy: string, most: number): Promise<PolicyStep[]> =>
  db
    .select()
    .from(policySteps)
    .where(eq(policySteps.policy, policy))
    .orderBy(desc(policySteps.at), desc(policySteps.id))
    .limit(most)

export const readAlarms = (db: Db): Promise<PolicyAlarmRow[]> =>
  db.select().from(policyAlarms).orderBy(asc(policyAlarms.kind), asc(policyAlarms.subject))

/** One who moves policies at a time: who is launched and who is on trial hang together. */
export async function holdLadder(tx: Tx): Promise<void> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('recommender.policies'))`)
}

export async function readPolicy(tx: Tx, name: string): Promise<PolicyRow | undefined> {
  const [found] = await tx.select().from(policies).where(eq(policies.name, name))
  return found
}

export async function placePolicy(tx: Tx, row: PolicyRow): Promise<void> {
  const { name: _, ...place } = row
  await tx.insert(policies).values(row).onConflictDoUpdate({ target: policies.name, set: place })
}

export async function writeStep(tx: Tx, step: PolicyStep): Promise<void> {
  await tx.insert(policySteps).values(step)
}

/** Answers those that are new. */
export async function writeAlarms(
  tx: Tx,
  seen: Date,
  alarms: readonly Omit<PolicyAlarmRow, 'seen'>[],
): Promise<{ kind: string; subject: string }[]> {
  if (alarms.length === 0) {
    await tx.delete(policyAlarms).where(lt(policyAlarms.seen, seen))
    return []
  }
  const isNew = sql<boolean>`(xmax = 0)`
  const written = await tx
    .insert(policyAlarms)
    .values(alarms.map(alarm => ({ ...alarm, seen })))
    .onConflictDoUpdate({
      target: [policyAlarms.kind, policyAlarms.subject],
      set: { seen: sql`excluded.seen`, about: sql`excluded.about` },
    })
    .returning({ kind: policyAlarms.kind, subject: policyAlarms.subject, isNew })
  await tx.delete(policyAlarms).where(lt(policyAlarms.seen, seen))
  return written.filter(alarm => alarm.isNew).map(({ kind, subject }) => ({ kind, subject }))
}

/** Through a function of ml's schema, so that it is there while ml is down. */
export async function readLatestFindings(db: Db): Promise<unknown> {
  const { rows } = await db.execute<{ found: unknown }>(sql`SELECT ml.latest_findings() AS found`)
  return rows[0]?.found ?? null
}
