// Durable jobs on pg-boss, in the schema `jobs`. A job is enqueued in the transaction of the verb that wants it,
// carries ids only, is tried a bounded number of times and runs under a lease of at most 60 seconds.
import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import manifest from 'pg-boss/package.json' with { type: 'json' }
import { type Db, onCommit, type Pool } from './db.ts'
import type { Log } from './log.ts'
import { inSpan, traceParentOf } from './span.ts'

export type JobData = Record<string, string>

export interface JobDefinition {
  name: string
  /** One sentence: what has not happened when this job ends up among the dead. */
  promise: string
  retryLimit?: number
  run(data: JobData, signal: AbortSignal): Promise<void>
}

export interface JobToDo {
  data: JobData
  startAfter?: Date
}

export interface Jobs {
  enqueue(tx: Db, name: string, data: JobData, options?: Omit<JobToDo, 'data'>): Promise<void>
  /** Several jobs of one name in one statement. */
  enqueueAll(tx: Db, name: string, jobs: readonly JobToDo[]): Promise<void>
}

export interface JobRunner extends Jobs {
  start(definitions: JobDefinition[]): Promise<void>
  stop(): Promise<void>
  /** How many jobs were given up and wait for someone to look. */
  dead(): Promise<number>
}

/** Travels with a job's ids, so that what it does joins the trace of who wanted it. */
const traceKey = 'traceParent'

const deadLetters = 'dead-letters'

/** The version of the job tables: in the database (null before the first start) and in this version of oO. */
export async function jobsVersions(client: pg.Client): Promise<{ found: number | null; wanted: number }> {
  const wanted = manifest.pgboss.schema
  const { rows: there } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('jobs.version') IS NOT NULL AS there`,
  )
  if (!there[0]?.there) return { found: null, wanted }
  const { rows } = await client.query<{ version: number }>('SELECT version FROM jobs.version')
  return { found: rows[0]?.version ?? null, wanted }
}

/** Creates or upgrades the job tables; runs as the owner, before any process that uses them. */
export async function migrateJobs(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema: 'jobs',
    supervise: false,
    schedule: false,
    max: 2,
  })
  boss.on('error', () => {})
  await boss.start()
  await boss.stop({ graceful: false })
}

export function openJobs(pool: Pool, { log }: { log: Log }): JobRunner {
  const onPool = {
    executeSql: (text: string, values?: unknown[]) => pool.$client.query(text, values),
  }
  const boss = new PgBoss({
    db: onPool,
    schema: 'jobs',
    migrate: false,
    createSchema: false,
    schedule: false,
  })
  boss.on('error', error =>
    log.warn({ err: error }, 'the job queue could not reach its database; it tries again'),
  )
  const workers = new Map<string, string>()

  async function enqueueAll(tx: Db, name: string, todo: readonly JobToDo[]): Promise<void> {
    const db = {
      executeSql: (text: string, values?: unknown[]) => tx.$client.query(text, values),
    }
    const traceParent = traceParentOf()
    const jobs = todo.map(({ data, ...job }) => ({
      ...job,
      data: { ...data, ...(traceParent && { [traceKey]: traceParent }) },
    }))
    await boss.insert(name, jobs, { db })
    const worker = workers.get(name)
    if (worker && todo.some(job => !job.startAfter)) onCommit(tx, () => boss.notifyWorker(worker))
  }

  return {
    enqueue: (tx, name, data, options = {}) => enqueueAll(tx, name, [{ data, ...options }]),
    enqueueAll,

    async start(definitions) {
      await boss.start()
      await boss.createQueue(deadLetters)
      for (const job of definitions) {
        const policy = {
          retryLimit: job.retryLimit ?? 8,
          retryDelay: 1,
          retryBackoff: true,
          retryDelayMax: 600,
          expireInSeconds: 60,
          deadLetter: deadLetters,
        }
        await boss.createQueue(job.name, policy)
        await boss.updateQueue(job.name, policy)
        const worker = await boss.work<JobData>(
          job.name,
          { pollingIntervalSeconds: 0.5, batchSize: 1 },
          async ([entry]) => {
            if (!entry) return
            const { [traceKey]: parent, ...data } = entry.data
            await inSpan(`job ${job.name}`, { kind: 'consumer', parent }, () =>
              job.run(data, AbortSignal.timeout(50_000)),
            )
          },
        )
        workers.set(job.name, worker)
      }
    },

    stop: () => boss.stop({ graceful: true, timeout: 3_000 }),
    // Counted here: the queue's own statistics may be an hour old.
    async dead() {
      const { rows } = await pool.$client.query<{ waiting: number }>(
        `SELECT count(*) AS waiting FROM jobs.job WHERE name = $1 AND state = 'created'`,
        [deadLetters],
      )
      return rows[0]?.waiting ?? 0
    },
  }
}
