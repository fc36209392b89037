// R12: the migrations of an empty database are killed at each of their statements and run again; master keys are
// rotated under kills; what would be an empty or a newer database is refused. Statements are counted by the server
// itself: an event trigger holds the one whose turn it is, and then the migrating process is killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startPostgres } from '@oo/local'
import { begin, type Database, environment, type Made, must, onServer, openServer } from './operatorVerbs.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { rotations } from './rotations.ts'

const shortKills = 2
const pollMs = 20
const heldWithinMs = 60_000

async function upgrades(house: ProofHouse): Promise<ProofRow[]> {
  const { make } = await openServer(house, 'upgrades')
  const reference = await make()
  await hold(reference, 0)
  await must('migrate.ts', [], environment(reference, {}))
  const statements = await statementsOf(reference)
  // They have a server, a database or a folder of their own, and each waits for processes most of the time.
  return Promise.all([
    killedMigrations(house, { make, statements, whole: await schemaOf(reference) }),
    rotations(house, await make(reference)),
    refusals(house),
  ])
}

interface Migrated {
  make(): Promise<Made>
  statements: number
  /** The schema that an undisturbed run makes. */
  whole: string
}

async function killedMigrations(house: ProofHouse, { make, statements, whole }: Migrated): Promise<ProofRow> {
  const chosen = house.full ? range(statements) : spread(statements, shortKills)
  let done = 0
  const notes: string[] = []
  for (const turn of chosen) {
    house.signal.throwIfAborted()
    const database = await make()
    await killAt(database, turn, () => begin('migrate.ts', [], environment(database, {})))
    const again = await begin('migrate.ts', [], environment(database, {})).ended
    if (again.code === 0 && (await schemaOf(database)) === whole) done += 1
    else if (notes.length < 5)
      notes.push(`killed at statement ${turn}: ${again.sentence.trim() || 'another schema'}`)
    await database.drop()
    if (done % 25 === 0) house.say(`${done} of ${chosen.length} killed migrations went on`)
  }
  return {
    id: 'R12',
    what: 'migrations killed at a statement go on to the same schema',
    done,
    of: chosen.length,
    unit: 'kills',
    lost: chosen.length - done,
    doubled: 0,
    control: (await carelessFails(await make())) ? 'caught' : 'missed',
    notes: [`${statements} statements in all`, ...notes],
  }
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const spread = (count: number, picks: number) =>
  Array.from({ length: picks }, (_, index) =>
    Math.ceil(((index + 0.5 + (Math.random() - 0.5) * 0.9) * count) / picks),
  )

/** From now on the statement whose turn it is waits, whoever runs it; 0 only counts. */
async function hold(database: Database, turn: number): Promise<void> {
  await onServer(database.superUrl, client =>
    client.query(`CREATE SEQUENCE public.proof_turn; GRANT ALL ON SEQUENCE public.proof_turn TO PUBLIC;
      CREATE FUNCTION public.proof_hold() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN IF nextval('public.proof_turn') = ${turn} THEN PERFORM pg_sleep(600); END IF; END $$;
      CREATE EVENT TRIGGER proof_hold ON ddl_command_end EXECUTE FUNCTION public.proof_hold();`),
  )
}

async function letGo(database: Database): Promise<void> {
  await onServer(database.superUrl, client =>
    client.query(
      `DROP EVENT TRIGGER proof_hold; DROP FUNCTION public.proof_hold; DROP SEQUENCE public.proof_turn`,
    ),
  )
}

const statementsOf = (database: Database): Promise<number> =>
  onServer(database.superUrl, async client => {
    const { rows } = await client.query<{ last: string }>('SELECT last_value AS last FROM public.proof_turn')
    await client.query(
      'DROP EVENT TRIGGER proof_hold; DROP FUNCTION public.proof_hold; DROP SEQUENCE public.proof_turn',
    )
    return Number(rows[0]?.last)
  })

/** kill -9 while the statement runs; the server notices and rolls back by itself. */
async function killAt(
  database: Database,
  turn: number,
  start: () => { ended: Promise<unknown>; kill(): unknown },
): Promise<void> {
  await hold(database, turn)
  const running = start()
  const stuck = await until(() => heldPid(database))
  running.kill()
  await running.ended
  // The sleeping statement is ours; a real one would end now and then find its client gone.
  await onServer(database.superUrl, client => client.query('SELECT pg_terminate_backend($1, 5000)', [stuck]))
  await letGo(database)
}

const heldPid = (database: Database): Promise<number | undefined> =>
  onServer(database.superUrl, async client => {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
    )
    return rows[0]?.pid
  })

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + heldWithinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline)
      throw new Error('no statement was held: the migration ended or waits elsewhere')
    await delay(pollMs)
  }
}

/** Everything the migrations made, in one text: columns, comments, constraints, indexes, functions, rights, files. */
const schemaOf = (database: Database): Promise<string> =>
  onServer(database.superUrl, async client => {
    const ours = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'`
    const { rows } = await client.query<{ fact: string }>(`
      SELECT concat_ws(' ', n.nspname, c.relname, c.relkind, c.relacl::text, a.attname, format_type(a.atttypid, a.atttypmod),
             a.attnotnull, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum), obj_description(c.oid)) AS fact
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE ${ours}
      UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k
        JOIN pg_namespace n ON n.oid = k.connamespace WHERE ${ours}
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
      UNION ALL SELECT concat_ws(' ', p.oid::regprocedure, md5(prosrc), proacl::text) FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${ours}
      UNION ALL SELECT name || ' ' || hash FROM public.migrations
      ORDER BY 1`)
    return rows.map(row => row.fact).join('\n')
  })

/** The control: a runner that keeps each statement by itself cannot go on after a kill, and that must be seen. */
async function carelessFails(database: Made): Promise<boolean> {
  const statements = ['CREATE SCHEMA garden', 'CREATE TABLE garden.beds ()', 'CREATE TABLE garden.plants ()']
  const run = () =>
    onServer(database.url('oo_owner'), async client => {
      for (const statement of statements) await client.query(statement)
    })
  await killAt(database, 2, () => {
    const ended = run().catch(() => {})
    return { ended: Promise.resolve(), kill: () => ended }
  })
  const failed = await run().then(
    () => false,
    () => true,
  )
  await database.drop()
  return failed
}

/** A data folder without its database, with and without the mark that there was one. */
async function refusals(house: ProofHouse): Promise<ProofRow> {
  const dataDir = join(house.folder, 'instance')
  const first = await startPostgres({ dataDir, throwaway: true })
  await first.stop()
  renameSync(join(dataDir, 'postgres'), join(dataDir, 'elsewhere'))
  const refused = await startDatabase(house, dataDir)
  const sentence = /is missing although oO was set up .*: put the folder back from a backup/.test(
    refused.sentence,
  )
  const untouched = !existsSync(join(dataDir, 'postgres'))
  const done = refused.code === 1 && sentence && untouched ? 1 : 0
  renameSync(join(dataDir, 'instance.json'), join(dataDir, 'no-mark'))
  const anew = await startPostgres({ dataDir, throwaway: true })
  await anew.stop()
  const control = existsSync(join(dataDir, 'postgres')) ? 'caught' : 'missed'
  const notes = done === 1 ? [] : [`it ended with ${refused.code}: ${refused.sentence}`]
  const what = 'an instance without its database is refused, not begun anew'
  return { id: 'R12', what, done, of: 1, unit: 'starts', lost: 1 - done, doubled: 0, control, notes }
}

async function startDatabase(
  house: ProofHouse,
  dataDir: string,
): Promise<{ code: number; sentence: string }> {
  const entry = join(import.meta.dirname, '../../infra/local/supervisor.ts')
  const env = { PATH: process.env.PATH, OO_DATA_DIR: dataDir, OO_SECRETS_FILE: join(house.folder, 'secrets') }
  const child = spawn(process.execPath, [entry, '--only', 'database', '--no-open'], { env, timeout: 60_000 })
  house.keep(() => child.kill())
  let sentence = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    sentence += text
  })
  const [code] = await once(child, 'close')
  return { code: Number(code), sentence }
}

export const proof: Proof = {
  id: 'R12',
  what: 'upgrades can be killed and never meet an empty database silently',
  run: upgrades,
}
