// One pool per process, one way to open a transaction. A transaction is a drizzle database bound to one
// connection, so verbs take a Db and do not care which of the two they were given.
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { isDatabaseAway } from './databaseError.ts'
import type { Log } from './log.ts'
import { Problem, problems } from './problem.ts'

export type Db = NodePgDatabase & { $client: pg.Pool | pg.PoolClient }
export type Tx = NodePgDatabase & { $client: pg.PoolClient }
export type Pool = NodePgDatabase & { $client: pg.Pool }

const afterCommit = new WeakMap<pg.PoolClient, (() => void)[]>()

// Instants are strings on the wire of the contract and Dates in the code; bigints fit a number here.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export function openPool(url: string, options: { log: Log; name: string; max?: number }): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.name,
    max: options.max ?? 10,
    // What one transaction sends without waiting for an answer travels in one go.
    pipeline: true,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
  })
  // Without a listener a connection that dies while idle would end the process.
  pool.on('error', error => options.log.warn({ err: error }, 'an idle database connection was lost'))
  return drizzle({ client: pool })
}

export const closePool = (pool: Pool): Promise<void> => pool.$client.end()

/** Runs `work` in one transaction; inside another transaction it joins that one. */
export async function transaction<T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  settings: readonly string[] = [],
): Promise<T> {
  if (isTx(db)) return work(db)
  const client = await connect(db)
  const tx: Tx = drizzle({ client })
  const hooks: (() => void)[] = []
  afterCommit.set(client, hooks)
  let broken: Error | undefined
  const lost = (error: Error) => {
    broken = error
  }
  // A connection in use has no other listener: without this one its loss would end the process.
  client.on('error', lost)
  let result: T
  try {
    // Sent, not awaited: what follows is answered in order, and only a lost connection refuses a BEGIN.
    const begun = client.query(['BEGIN', ...settings.map(setting => `SET LOCAL ${setting}`)].join('; '))
    begun.catch(() => {})
    result = await work(tx)
    await begun
    await commit(client)
  } catch (error) {
    await client.query('ROLLBACK').catch(lost)
    throw error
  } finally {
    afterCommit.delete(client)
    client.off('error', lost)
    client.release(broken)
  }
  for (const hook of hooks) hook()
  return result
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error: nothing was kept then. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT')
  if (command !== 'COMMIT')
    throw new Error('The transaction was rolled back: one of its queries had failed and nobody said so.')
}

/** Runs `act` once the surrounding transaction has committed; without one, at once. */
export function onCommit(db: Db, act: () => void): void {
  const hooks = isTx(db) ? afterCommit.get(db.$client) : undefined
  if (hooks) hooks.push(act)
  else act()
}

const isTx = (db: Db): db is Tx => !(db.$client instanceof pg.Pool)

async function connect(db: Db): Promise<pg.PoolClient> {
  if (!(db.$client instanceof pg.Pool)) return db.$client
  try {
    return await db.$client.connect()
  } catch (error) {
    throw isDatabaseAway(error) ? new Problem(problems.away, { cause: error, retryAfterSeconds: 1 }) : error
  }
}
