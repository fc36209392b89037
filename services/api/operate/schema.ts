// Brings a database to this version: the job tables, then every module's files in the declared order.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { jobsVersions, type MigrateOptions, type MigrationState, migrate, migrateJobs } from '@oo/kernel'
import pg from 'pg'

const root = join(import.meta.dirname, '../../..')
const order = ['events', 'auth', 'profile', 'integrations', 'recommender', 'notifier', 'admin', 'gateway']

export const folders = [
  ...order.map(schema => ({ schema, folder: join(root, 'services', schema, 'migrations') })),
  { schema: 'ml', folder: join(root, 'ml/migrations') },
].filter(({ folder }) => existsSync(folder))

export interface Upgrade extends Omit<MigrateOptions, 'before'> {
  /** Before anything changes in a database that has been used; what it throws stops the upgrade. */
  save?: (pending: readonly string[]) => Promise<void>
}

/** Answers what was applied. */
export async function bringToThisVersion(ownerUrl: string, { save, ...options }: Upgrade = {}) {
  const before = async (state: MigrationState) => {
    const jobs = await onClient(ownerUrl, jobsVersions)
    if (jobs.found !== null && jobs.found > jobs.wanted)
      throw new Error(
        `The database is newer than this version of oO (its job tables are of version ${jobs.found}, this oO knows ${jobs.wanted}); start the newer version.`,
      )
    const pending = [...state.pending, ...(jobs.found === jobs.wanted ? [] : ['jobs'])]
    if (state.applied.size > 0 && pending.length > 0) await save?.(pending)
    if (jobs.found !== jobs.wanted) await migrateJobs(ownerUrl)
    await onClient(ownerUrl, grantJobs)
  }
  return migrate(ownerUrl, folders, { ...options, before })
}

const grantJobs = (client: pg.Client) =>
  client.query(`GRANT USAGE ON SCHEMA jobs TO oo_api;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO oo_api;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO oo_api;`)

/** Runs statements on one short connection as the owner. */
export async function onClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}
