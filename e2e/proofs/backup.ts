// R11: backups at random moments while clients react. Each is restored on another server: as it is, which must give the
// same rows and every reaction acknowledged before it began; and with the ledger, which must not bring back whoever was
// erased after it. The control is the first of the two: the scan must see the erased person there.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type pg from 'pg'
import { percentile } from '../bench/statistics.ts'
import { clientCount, randomQuietMs, refill } from './killing.ts'
import { compare, find, type Ledger } from './ledger.ts'
import { type Database, environment, makeSecrets, must, onServer, openServer } from './operatorVerbs.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { openReactingHouse } from './reactingHouse.ts'

const counts = {
  short: { restores: 1, people: 12, each: 100 },
  full: { restores: 100, people: 130, each: 20 },
}
const goalMs = 60_000
/** Its rows say when the queue last looked, which it does wherever it runs. */
const queueClock = 'jobs.version'

async function backups(house: ProofHouse): Promise<ProofRow[]> {
  const { restores, people, each } = house.full ? counts.full : counts.short
  const secrets = { ...makeSecrets(), OO_BACKUP_DIR: join(house.folder, 'backups') }
  const { ML_SHARED_SECRET: _, ...apiSettings } = secrets
  const reacting = await openReactingHouse(house, {
    people,
    wishes: { apiSettings: async () => apiSettings },
  })
  const source = environment(reacting.instance.postgres, secrets)
  const target = await openServer(house, 'target')
  const clients = reacting.clients(clientCount)
  const everyone = await reacting.asOwner(owner => owner.query<{ id: string }>('SELECT id FROM auth.people'))
  const took: { backup: number[]; restore: number[] } = { backup: [], restore: [] }
  let noticed = false
  const wrong = { lost: 0, doubled: 0, cameBack: 0, unseen: 0, examples: [] as string[] }

  for (let round = 0; round < restores; round++) {
    await refill(house, reacting, clients, each)
    await delay(randomQuietMs())
    const promised = new Map(clients.ledger)
    const file = join(house.folder, `${round}.oo-backup`)
    took.backup.push(await timed(() => must('oo.ts', ['backup', file], source)))
    const victim = everyone.rows[round]?.id ?? ''
    await must('oo.ts', ['person', 'erase', victim], source)

    const asItWas = async () => {
      const plain = await target.make()
      const forgetful = { ...secrets, OO_BACKUP_DIR: join(house.folder, `forgetful-${round}`) }
      mkdirSync(forgetful.OO_BACKUP_DIR)
      const env = environment(plain, forgetful)
      took.restore.push(await timed(() => must('oo.ts', ['restore', file, '--without-ledger'], env)))
      const found = await look(plain, { env, file, promised })
      wrong.lost += found.lost
      wrong.doubled += found.doubled
      wrong.examples.push(...found.examples)
      if (!(await sees(plain, victim))) wrong.unseen += 1
      if (round === 0) noticed = await noticesLoss(plain, env, file)
      await plain.drop()
    }
    const withoutTheErased = async () => {
      const erased = await target.make()
      took.restore.push(await timed(() => must('oo.ts', ['restore', file], environment(erased, secrets))))
      if (await sees(erased, victim)) wrong.cameBack += 1
      await erased.drop()
    }
    await Promise.all([asItWas(), withoutTheErased()])
    if ((round + 1) % 10 === 0)
      house.say(`${round + 1} of ${restores} rounds, ${clients.ledger.size} acknowledged`)
  }
  await clients.stop()
  const slow = Math.max(...took.restore)
  const row = { id: 'R11', done: restores, of: restores, lost: 0, doubled: 0 }
  return [
    {
      ...row,
      what: 'a backup under load, restored elsewhere, is the same',
      unit: 'restores',
      lost: wrong.lost,
      doubled: wrong.doubled,
      control: noticed ? 'caught' : 'missed',
      notes: [
        `${clients.ledger.size.toLocaleString('en')} acknowledged; backup p50 ${ms(took.backup)}, restore p50 ${ms(took.restore)}, slowest ${Math.round(slow)} ms (goal ≤ ${goalMs / 1_000} s${slow > goalMs ? ', MISSED' : ''})`,
        ...wrong.examples.slice(0, 5),
      ],
    },
    {
      ...row,
      what: 'a restore does not bring back the erased',
      unit: 'erased',
      doubled: wrong.cameBack,
      control: wrong.unseen === 0 ? 'caught' : 'missed',
      notes: [],
    },
  ]
}

const ms = (times: number[]) => `${Math.round(percentile(times, 0.5))} ms`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

interface Restored {
  env: NodeJS.ProcessEnv
  file: string
  promised: Ledger
}

/** A second backup, of what was restored, must add up to the same; and what was acknowledged must be there, once. */
async function look(database: Database, { env, file, promised }: Restored) {
  const again = `${file}.again`
  await must('oo.ts', ['backup', again], env)
  const differing = differences(sumsOf(file), sumsOf(again))
  const { lost, doubled, examples } = await onServer(database.url('oo_owner'), async owner =>
    compare(promised, await find(owner, promised)),
  )
  const told = differing.map(name => `${name} is not the same after the restore`)
  return { lost: lost + differing.length, doubled, examples: [...told, ...examples] }
}

type Sums = Record<string, { rows: number; hash: string }>

const differences = (first: Sums, second: Sums): string[] =>
  [...new Set([...Object.keys(first), ...Object.keys(second)])].filter(
    name => name !== queueClock && JSON.stringify(first[name]) !== JSON.stringify(second[name]),
  )

/** What each table adds up to, from the last line but one of a backup. */
function sumsOf(file: string): Sums {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
  return JSON.parse(lines.at(-2) ?? '').tables
}

/** Whether any row of any table names a person: as text, without dashes, or as the bytes of that text. */
function sees(database: Database, personId: string): Promise<boolean> {
  const forms = [personId, personId.replaceAll('-', ''), Buffer.from(personId).toString('hex')]
  return onServer(database.superUrl, async client => {
    for (const name of await tableNames(client)) {
      const { rows } = await client.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE ANY ($1) LIMIT 1`, [
        forms.map(form => `%${form}%`),
      ])
      if (rows.length > 0) return true
    }
    return false
  })
}

async function tableNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  return rows.map(row => row.name)
}

/** The control: one row that is lost and one that is changed in what was restored must be told. */
async function noticesLoss(database: Database, env: NodeJS.ProcessEnv, file: string): Promise<boolean> {
  await onServer(database.url('oo_owner'), client =>
    client.query(`DELETE FROM recommender.reactions WHERE id = (SELECT id FROM recommender.reactions LIMIT 1);
      UPDATE auth.people SET created_at = created_at + interval '1 ms' WHERE id = (SELECT id FROM auth.people LIMIT 1)`),
  )
  const careless = `${file}.careless`
  await must('oo.ts', ['backup', careless], env)
  return differences(sumsOf(file), sumsOf(careless)).join() === 'auth.people,recommender.reactions'
}

export const proof: Proof = {
  id: 'R11',
  what: 'a backup restored is the same instance, without the erased',
  run: backups,
}
