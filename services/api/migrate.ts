// Brings a database to this version: the job tables, then every module's files in the declared order.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { migrate, migrateJobs } from '@oo/kernel'
import pg from 'pg'

const root = join(import.meta.dirname, '../..')
const order = ['events', 'auth', 'profile', 'integrations', 'recommender', 'notifier', 'admin', 'gateway']

const folders = [
  ...order.map(schema => ({ schema, folder: join(root, 'services', schema, 'migrations') })),
  { schema: 'ml', folder: join(root, 'ml/migrations') },
].filter(({ folder }) => existsSync(folder))

async function grantJobs(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    await client.query(`GRANT USAGE ON SCHEMA jobs TO oo_api;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO oo_api;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO oo_api;`)
  } finally {
    await client.end()
  }
}

const ownerUrl = process.env.OO_OWNER_DATABASE_URL
if (!ownerUrl) {
  console.error('OO_OWNER_DATABASE_URL is missing: name the database as its owner, the role oo_owner.')
  process.exit(1)
}
try {
  await migrateJobs(ownerUrl)
  await grantJobs(ownerUrl)
  const applied = await migrate(ownerUrl, folders)
  process.stdout.write(applied.length === 0 ? 'nothing to migrate\n' : `${applied.join('\n')}\n`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
