// What ml has learned of a person, and who agreed to pooling, lives in its schema; the api may only use its functions.
import type { Db, Tx } from '@oo/kernel'
import { sql } from 'drizzle-orm'

export async function learnedOf(db: Db, personId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await db.execute<{ row: Record<string, unknown> }>(
    sql`SELECT to_jsonb(learned) AS row FROM ml.export_person(${personId}::uuid) AS learned`,
  )
  return rows.map(({ row }) => row)
}

export async function eraseLearned(tx: Tx, personId: string): Promise<number> {
  const { rows } = await tx.execute<{ rows: number }>(
    sql`SELECT ml.erase_person(${personId}::uuid)::int AS rows`,
  )
  return rows[0]?.rows ?? 0
}

/** The last answer of each of these people about pooling. */
export async function hearPooling(
  tx: Tx,
  answers: ReadonlyMap<string, boolean>,
  version: string,
): Promise<void> {
  const people = sql.param([...answers.keys()])
  const agrees = sql.param([...answers.values()])
  const versions = sql.param([...answers].map(() => version))
  await tx.execute(sql`SELECT ml.hear_pooling(${people}::uuid[], ${agrees}::boolean[], ${versions}::text[])`)
}

/** Who agreed to another text than this one is asked again, and has left until then. */
export async function askPooling(db: Db, version: string): Promise<void> {
  await db.execute(sql`SELECT ml.ask_pooling(${version})`)
}
