// What `doctor` looks at inside the database: each line is a fact with what to do when it is not good.
import { keyIdsOf, knownMigrations, restoringFrom } from '@oo/kernel'
import type { Client } from 'pg'
import type { Api } from '../compose.ts'
import type { Env } from '../env.ts'
import { unsafeSetting } from './durable.ts'
import { folders } from './schema.ts'

export interface Finding {
  good: boolean
  text: string
}

const good = (text: string): Finding => ({ good: true, text })
const bad = (text: string): Finding => ({ good: false, text })
const clockMayDifferMs = 5_000
/** Parts that need no other process; the rest is the running api's to answer. */
const looked = ['events', 'jobs', 'erasure-ledger']

/** `accepted`: the operator knows that this server is unsafe by its settings only. */
export async function checkServer(client: Client, accepted: boolean): Promise<Finding[]> {
  const unsafe = await unsafeSetting(client)
  const { rows } = await client.query<{ now: Date; version: string }>(
    `SELECT clock_timestamp() AS now, current_setting('server_version') AS version`,
  )
  const apartMs = Math.abs(Date.now() - (rows[0]?.now.getTime() ?? 0))
  return [
    unsafe && !accepted
      ? bad(unsafe)
      : good(
          `PostgreSQL ${rows[0]?.version} loses nothing that it acknowledged${unsafe ? ', as OO_ACCEPT_UNSYNCED_DATABASE=1 says' : ''}`,
        ),
    apartMs > clockMayDifferMs
      ? bad(
          `The clocks of this machine and of the database are ${Math.round(apartMs / 1000)} s apart: set both by NTP.`,
        )
      : good('the clocks of this machine and of the database agree'),
  ]
}

/** False in the first place: nothing further can be looked at. */
export async function checkSchema(client: Client): Promise<Finding> {
  const halfRestored = await restoringFrom(client)
  if (halfRestored) return bad(`A restore of ${halfRestored} did not finish: run it again.`)
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public.migrations') IS NOT NULL AS there`,
  )
  if (!rows[0]?.there) return bad('The database has no tables yet: npm start makes them.')
  const applied = await client.query<{ name: string; hash: string }>(
    'SELECT name, hash FROM public.migrations',
  )
  const known = new Map(knownMigrations(folders).map(({ name, hash }) => [name, hash]))
  const newer = applied.rows.find(({ name }) => !known.has(name))
  if (newer)
    return bad(
      `The database is newer than this version of oO (it has ${newer.name}): start the newer version.`,
    )
  const changed = applied.rows.find(({ name, hash }) => known.get(name) !== hash)
  if (changed)
    return bad(`Migration ${changed.name} was changed after it had been applied: put the file back.`)
  const pending = known.size - applied.rows.length
  return pending > 0
    ? bad(`${pending} migrations are still to be applied: npm start does it, after a backup.`)
    : good(`schema of this version, ${known.size} migrations`)
}

export async function checkKeys(client: Client, { keyring }: Env, secretsFile: string): Promise<Finding[]> {
  const used = await keyIdsOf(client)
  const missing = used.filter(id => !keyring.keys.has(id))
  const older = used.filter(id => id !== keyring.active && keyring.keys.has(id))
  return [
    ...missing.map(id =>
      bad(`OO_KEK_${id} is missing, so what it sealed stays sealed: put it back into ${secretsFile}.`),
    ),
    ...older.map(id =>
      bad(
        `OO_KEK_${id} still wraps keys although OO_KEK_${keyring.active} is active: run npm run oo -- keys rotate.`,
      ),
    ),
    ...(missing.length + older.length === 0
      ? [good(`every wrapped key lies under OO_KEK_${keyring.active}`)]
      : []),
  ]
}

export async function checkParts(api: Api): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { name, check } of api.health.filter(part => looked.includes(part.name))) {
    const found = await check(AbortSignal.timeout(5_000)).catch(error => String(error.message))
    findings.push(
      found
        ? bad(found)
        : good(
            name === 'erasure-ledger'
              ? 'the ledger of deletions can be read and written'
              : `${name}: nothing was given up`,
          ),
    )
  }
  return findings
}

/** Neither is wrong, but an operator who expects the other one looks here. */
export function checkChannels({ googleCalendar }: Pick<Env, 'googleCalendar'>): Finding[] {
  if (!googleCalendar) return []
  const { reachedAt } = googleCalendar
  return [
    good(
      reachedAt
        ? `Google Calendar tells of changes at ${reachedAt}/api/webhooks/google-calendar`
        : 'Google Calendar is asked for changes in turns: OO_PUBLIC_URL is no address by which Google finds this instance',
    ),
  ]
}
