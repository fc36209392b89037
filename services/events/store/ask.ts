import type { Db } from '@oo/kernel'
import type { QueryResultRow } from 'pg'

interface Statement {
  /** Planned once a connection under this name. */
  name: string
  text: string
}

/** One statement; its answer has the columns that `Row` names, which is what the statement selects. */
export async function ask<Row extends QueryResultRow>(
  db: Db,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const question = { name: `events.${name}`, text, values: [...values] }
  const { rows } = await ('release' in db.$client
    ? db.$client.query<Row>(question)
    : db.$client.query<Row>(question))
  return rows
}

/** A statement that answers with the number of rows it touched. */
export async function change(db: Db, statement: Statement, values: readonly unknown[]): Promise<number> {
  const text = `WITH touched AS (${statement.text} RETURNING 1) SELECT count(*) AS count FROM touched`
  const [row] = await ask<{ count: number }>(db, { name: statement.name, text }, values)
  return row?.count ?? 0
}
