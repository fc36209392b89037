import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { Client } from 'pg'
import { Refusal } from '../refusal.ts'

export const roles = ['oo_owner', 'oo_api', 'oo_ml', 'oo_reader'] as const
export type Role = (typeof roles)[number]
export const superuser = 'postgres'
/** oO's database on a server of its own. */
export const database = 'oo'
export type Passwords = Record<Role | typeof superuser, string>

const everyone = [superuser, ...roles] as const
const connectTimeoutMs = 2000

/** New passwords, written down before they are used, readable by this user only. */
export function createPasswords(path: string): Passwords {
  const passwords: Passwords = {
    postgres: newPassword(),
    oo_owner: newPassword(),
    oo_api: newPassword(),
    oo_ml: newPassword(),
    oo_reader: newPassword(),
  }
  writeFileSync(`${path}.new`, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  return passwords
}

export function readPasswords(path: string): Passwords {
  if (!existsSync(path)) {
    throw new Refusal(
      `${path} is missing, so nobody can sign in to the database beside it: put that file back from a backup.`,
    )
  }
  const value: Partial<Passwords> = JSON.parse(readFileSync(path, 'utf8'))
  const { postgres, oo_owner, oo_api, oo_ml, oo_reader } = value
  if (!postgres || !oo_owner || !oo_api || !oo_ml || !oo_reader) {
    throw new Refusal(`${path} lacks a password of ${everyone.join(', ')}: put that file back from a backup.`)
  }
  return { postgres, oo_owner, oo_api, oo_ml, oo_reader }
}

/** A connection string over the Unix socket, understood by pg and asyncpg alike. */
export function socketUrl(
  socketDir: string,
  user: Role | typeof superuser,
  password: string,
  name: string,
): string {
  return `postgresql://${user}:${password}@/${name}?host=${encodeURIComponent(socketDir)}`
}

/** Runs statements on one short connection. */
export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: 30_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Makes the roles and the database `oo` when they are missing; schemas and grants come from the migrations. */
export async function ensureRoles(superUrl: string, passwords: Passwords): Promise<void> {
  await withClient(superUrl, async client => {
    const known = await client.query<{ rolname: string }>('select rolname from pg_roles')
    const names = new Set(known.rows.map(row => row.rolname))
    for (const role of roles) {
      // Passwords are our own hex digits: nothing to escape.
      if (!names.has(role)) await client.query(`create role ${role} login password '${passwords[role]}'`)
    }
    const found = await client.query('select 1 from pg_database where datname = $1', [database])
    if (found.rowCount === 0) await client.query(`create database "${database}" owner oo_owner`)
    await client.query(`revoke all on database "${database}" from public`)
    await client.query(`grant connect on database "${database}" to ${roles.join(', ')}`)
  })
}

/** Refuses a server on which an acknowledged write could be lost in a power cut. */
export async function assertDurable(url: string): Promise<void> {
  await withClient(url, async client => {
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const shown = await client.query<Record<string, string>>(`show ${setting}`)
      const value = shown.rows[0]?.[setting]
      if (value === 'off') {
        throw new Refusal(
          `The database runs with ${setting} = off, which can lose what people did: set it to on in postgresql.conf or postgresql.auto.conf of its data folder.`,
        )
      }
    }
  })
}

function newPassword(): string {
  return randomBytes(24).toString('hex')
}
