// One pool per process, one way to open a transaction. A transaction is a drizzle database bound to one
// connection, so verbs take a Db and do not care which of the two they were given.
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { changesChannel, forgetHere, forgetUnsure, type Hub, hubOf, noticesOf, type Told } from './changes.ts'
import { isDatabaseAway } from './databaseError.ts'
import type { Log } from './log.ts'
import { Problem, problems } from './problem.ts'

export type Db = NodePgDatabase & { $client: pg.Pool | pg.PoolClient }
export type Tx = NodePgDatabase & { $client: pg.PoolClient }
export type Pool = NodePgDatabase & { $client: pg.Pool }

interface Open {
  hub: Hub
  hooks: (() => void)[]
  told: Told
}

const transactions = new WeakMap<pg.PoolClient, Open>()

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
  if (!isPool(db)) return work(asTx(db))
  const client = await connect(db.$client)
  const tx: Tx = drizzle({ client })
  const open: Open = { hub: hubOf(db.$client), hooks: [], told: new Map() }
  transactions.set(client, open)
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
    await commit(client, open)
  } catch (error) {
    await client.query('ROLLBACK').catch(lost)
    forgetUnsure(open.hub, open.told)
    throw error
  } finally {
    transactions.delete(client)
    client.off('error', lost)
    client.release(broken)
  }
  for (const hook of open.hooks) hook()
  return result
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error: nothing was kept then. */
async function commit(client: pg.PoolClient, { hub, told }: Open): Promise<void> {
  const notices = told.size === 0 ? [] : noticesOf(hub, told)
  // Sent in one go, in this order.
  const telling = notices.map(notice => client.query(notify(notice)))
  const [{ command }] = await Promise.all([client.query('COMMIT'), ...telling])
  if (command !== 'COMMIT')
    throw new Error('The transaction was rolled back: one of its queries had failed and nobody said so.')
}

const notify = (notice: string) => ({
  name: 'kernel.notify',
  text: `SELECT pg_notify('${changesChannel}', $1)`,
  values: [notice],
})

/** Other processes forget what they know of this once the transaction has committed. */
export function tellOthers(tx: Tx, topic: string, id: string): void {
  const told = transactions.get(tx.$client)?.told
  if (!told) throw new Error('Only what a transaction changed can be told.')
  const ids = told.get(topic) ?? new Set()
  told.set(topic, ids.add(id))
}

/** The same, and this process forgets it too. */
export function changed(tx: Tx, topic: string, id: string): void {
  tellOthers(tx, topic, id)
  const open = transactions.get(tx.$client)
  open?.hooks.push(() => forgetHere(open.hub, topic, [id]))
}

/** Runs `act` once the surrounding transaction has committed; without one, at once. */
export function onCommit(db: Db, act: () => void): void {
  const hooks = isPool(db) ? undefined : transactions.get(asTx(db).$client)?.hooks
  if (hooks) hooks.push(act)
  else act()
}

const isPool = (db: Db): db is Pool => db.$client instanceof pg.Pool
const isTx = (db: Db): db is Tx => !isPool(db)

/** A Db that is no pool is a transaction: nothing else makes one. */
function asTx(db: Db): Tx {
  if (isTx(db)) return db
  throw new Error('This is a pool.')
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw isDatabaseAway(error) ? new Problem(problems.away, { cause: error, retryAfterSeconds: 1 }) : error
  }
}
