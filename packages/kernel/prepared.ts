// A question that every request asks is built once and planned once a connection, instead of once a call: for a
// short query both cost more than the answer.
import type { Db } from './db.ts'

interface Statement<Rows> {
  execute(values: Record<string, unknown>): Promise<Rows>
}

/** `build` ends in `.prepare(name)`; its `sql.placeholder`s are filled with the values of each call. */
export function prepared<Rows, Values extends Record<string, unknown>>(build: (db: Db) => Statement<Rows>) {
  const built = new WeakMap<Db, Statement<Rows>>()
  return (db: Db, values: Values): Promise<Rows> => {
    const statement = built.get(db) ?? build(db)
    built.set(db, statement)
    return statement.execute(values)
  }
}
