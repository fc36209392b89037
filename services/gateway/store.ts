// Every query on kept answers. What a request waits for is named, so that it is planned once a connection; leases
// go by the database's clock, which all processes share.
import type { Db, Tx } from '@oo/kernel'
import { desc, eq, sql } from 'drizzle-orm'
import { answers } from './tables.ts'

export interface Slot {
  ownerId: string
  keyHash: Buffer
}

/** One request under its key. */
export interface Request extends Slot {
  operation: string
  requestHash: Buffer
}

interface Stored {
  requestHash: Buffer
  status: number | null
  answer: Buffer | null
}

/**
 * Whether `holder` may run the request: nobody did within the day, or whoever did is gone without an answer. A lost
 * claim costs nothing but the claim, so its commit does not wait for the disk.
 */
export async function claim(
  db: Db,
  request: Request,
  by: { holder: string; now: Date; forgottenBefore: Date; leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await db.$client.query({
    name: 'gateway.claim',
    text: `
      WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
      INSERT INTO gateway.answers AS known
             (owner_id, key_hash, operation, request_hash, begun_at, holder, held_until)
      SELECT $1::uuid, $2::bytea, $3::text, $4::bytea, $5::timestamptz, $6::uuid,
             clock_timestamp() + $8 * interval '1 ms' FROM quick
          ON CONFLICT (owner_id, key_hash) DO UPDATE
         SET request_hash = excluded.request_hash, begun_at = excluded.begun_at, holder = excluded.holder,
             held_until = excluded.held_until, status = NULL, answer = NULL
       WHERE known.begun_at < $7
          OR (known.status IS NULL AND known.request_hash = excluded.request_hash
              AND known.held_until < clock_timestamp())`,
    values: [
      request.ownerId,
      request.keyHash,
      request.operation,
      request.requestHash,
      by.now,
      by.holder,
      by.forgottenBefore,
      by.leaseMs,
    ],
  })
  return rowCount === 1
}

export async function find(db: Db, { ownerId, keyHash }: Slot): Promise<Stored | undefined> {
  const { rows } = await db.$client.query<Stored>({
    name: 'gateway.find',
    text: `SELECT request_hash AS "requestHash", status, answer FROM gateway.answers
            WHERE owner_id = $1 AND key_hash = $2`,
    values: [ownerId, keyHash],
  })
  return rows[0]
}

/** Stores the answer for good, unless somebody else holds the request by now. */
export async function keep(
  db: Db,
  { ownerId, keyHash }: Slot,
  kept: { holder: string; status: number; answer: Buffer },
): Promise<boolean> {
  const { rowCount } = await db.$client.query({
    name: 'gateway.keep',
    text: `UPDATE gateway.answers SET status = $4, answer = $5, held_until = NULL
            WHERE owner_id = $1 AND key_hash = $2 AND holder = $3 AND status IS NULL`,
    values: [ownerId, keyHash, kept.holder, kept.status, kept.answer],
  })
  return rowCount === 1
}

/** Gives the request back without an answer: the next one under its key runs it anew. */
export async function release(db: Db, { ownerId, keyHash }: Slot, holder: string): Promise<void> {
  await db.$client.query({
    name: 'gateway.release',
    text: `DELETE FROM gateway.answers
            WHERE owner_id = $1 AND key_hash = $2 AND holder = $3 AND status IS NULL`,
    values: [ownerId, keyHash, holder],
  })
}

export async function renew(db: Db, holders: readonly string[], leaseMs: number): Promise<void> {
  await db.$client.query({
    name: 'gateway.renew',
    text: `UPDATE gateway.answers SET held_until = clock_timestamp() + $2 * interval '1 ms'
            WHERE holder = ANY($1::uuid[]) AND status IS NULL`,
    values: [holders, leaseMs],
  })
}

/** A batch of what is older than its day; how many went. */
export async function forget(db: Db, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    DELETE FROM gateway.answers WHERE (owner_id, key_hash) IN (
      SELECT owner_id, key_hash FROM gateway.answers WHERE begun_at < ${before} ORDER BY begun_at LIMIT ${limit})`)
  return rowCount ?? 0
}

export async function answersOf(db: Db, ownerId: string) {
  return db
    .select({ operation: answers.operation, askedAt: answers.begunAt, status: answers.status })
    .from(answers)
    .where(eq(answers.ownerId, ownerId))
    .orderBy(desc(answers.begunAt))
}

export async function eraseAnswers(tx: Tx, ownerId: string): Promise<number> {
  const gone = await tx.delete(answers).where(eq(answers.ownerId, ownerId))
  return gone.rowCount ?? 0
}
