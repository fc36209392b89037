// The api's whole configuration, read once and checked: what is missing, weak or contradictory stops the start
// with one sentence that says what to do.
import { join, resolve } from 'node:path'
import type { Keyring } from '@oo/kernel'
import { silence } from '@oo/shared-types/rewards'
import {
  address,
  addressRanges,
  EnvError,
  hostsWithPort,
  natsAddress,
  numberWithin,
  type Source,
  strong,
  wholeNumber,
} from './envValues.ts'
import { reachedFromOutside } from './reachedFromOutside.ts'
import { type Roles, readRoles } from './roles.ts'

export { EnvError, type Source } from './envValues.ts'

export interface ProviderEnv {
  id: string
  name: string
  issuer: string
  clientId: string
  clientSecret: string
  allowHttp: boolean
}

export interface Env {
  bind: string
  port: number
  databaseUrl: string
  /** The addresses a browser may come by; the first is the web app's. */
  origins: string[]
  /** Who, besides this machine, is believed about the address that asks. */
  trustedProxies: string[]
  secret: string
  keyring: Keyring
  ml: { url: string; secret: string; timeoutMs: number }
  /** The JetStream server that mirrors events; undefined: they stay in the database. */
  natsUrl: string | undefined
  eventRetentionDays: number
  providers: ProviderEnv[]
  /** What a shown tip earns when nothing was said for a day. */
  defaultReward: number
  /** The share of a person's day that tips of one kind may take. */
  mostOfAKind: number
  todoist: { clientId: string; clientSecret: string; baseUrl?: string } | undefined
  /** Hosts with port that CalDAV may reach in a private network. */
  caldavInnerHosts: string[]
  lookEveryMs: number
  /** `reachedAt`: where Google tells of changes by itself; absent where it cannot reach this instance. */
  googleCalendar:
    | { clientId: string; clientSecret: string; lookEveryMs: number; baseUrl?: string; reachedAt?: string }
    | undefined
  adminToken: string | undefined
  adminSeedEmail: string | undefined
  logLevel: string
  roles: Roles
  /** Where traces are collected; undefined collects none. */
  tracesUrl: string | undefined
  /** Where automatic backups lie, and the ledger of erased people. */
  backupDir: string
}

export function readEnv(source: Source): Env {
  const need = (name: string, why: string): string => {
    const value = source[name]
    if (!value) throw new EnvError(`${name} is missing: ${why}`)
    return value
  }
  const port = wholeNumber(source, 'OO_API_PORT', 8080)
  const bind = source.OO_BIND ?? '127.0.0.1'
  return {
    bind,
    port,
    databaseUrl: need(
      'DATABASE_URL',
      'name the PostgreSQL database, as the role oo_api; `npm start` does it by itself.',
    ),
    origins: originsOf(source, { bind, port }),
    trustedProxies: addressRanges('OO_TRUSTED_PROXIES', source.OO_TRUSTED_PROXIES ?? ''),
    secret: strong('OO_SECRET', need('OO_SECRET', 'give it at least 32 random characters.')),
    keyring: keyringOf(source),
    ml: {
      url: address('ML_URL', source.ML_URL ?? 'http://127.0.0.1:8000'),
      secret: strong(
        'ML_SHARED_SECRET',
        need('ML_SHARED_SECRET', 'give api and ml the same 32 random characters.'),
      ),
      timeoutMs: wholeNumber(source, 'ML_TIMEOUT_MS', 100),
    },
    natsUrl: source.NATS_URL ? natsAddress(source.NATS_URL) : undefined,
    eventRetentionDays: wholeNumber(source, 'OO_EVENT_RETENTION_DAYS', 30),
    providers: providersOf(source),
    defaultReward: numberWithin(source, 'OO_DEFAULT_REWARD', { fallback: silence.value, from: -1, to: 1 }),
    mostOfAKind: numberWithin(source, 'OO_MOST_OF_A_KIND', { fallback: 0.75, from: 0.5, to: 1 }),
    todoist: todoistOf(source),
    caldavInnerHosts: hostsWithPort('OO_CALDAV_INNER_HOSTS', source.OO_CALDAV_INNER_HOSTS ?? ''),
    lookEveryMs: wholeNumber(source, 'TODOIST_SYNC_INTERVAL_MS', 600_000, 86_400_000),
    googleCalendar: googleCalendarOf(source, { bind, port }),
    adminToken: source.ADMIN_TOKEN ? strong('ADMIN_TOKEN', source.ADMIN_TOKEN) : undefined,
    adminSeedEmail: source.ADMIN_SEED_EMAIL || undefined,
    logLevel: source.OO_LOG_LEVEL ?? 'info',
    roles: readRoles(source),
    tracesUrl: source.OTEL_EXPORTER_OTLP_ENDPOINT
      ? address('OTEL_EXPORTER_OTLP_ENDPOINT', source.OTEL_EXPORTER_OTLP_ENDPOINT)
      : undefined,
    backupDir: backupDirOf(source),
  }
}

/** Beside the backups, whose restore reads it. */
export const ledgerIn = (backupDir: string): string => join(backupDir, 'erased-people.jsonl')

/** Where the operator keeps what must not lie in a backup, for messages. */
export const secretsFileOf = (source: Source): string => source.OO_SECRETS_FILE || '.env.local'

export const backupDirOf = (source: Source): string =>
  resolve(source.OO_BACKUP_DIR || join(source.OO_DATA_DIR || '.data', 'backups'))

const loopbackNames = ['127.0.0.1', 'localhost']

export const isLoopback = (host: string): boolean => [...loopbackNames, '::1', '[::1]'].includes(host)

/** Each configured address, under both names of this machine where it is a loopback one, and the api's own. */
function originsOf(source: Source, { bind, port }: { bind: string; port: number }): string[] {
  const web = address('OO_PUBLIC_URL', source.OO_PUBLIC_URL || 'http://127.0.0.1:3000')
  const admin = address('OO_ADMIN_URL', source.OO_ADMIN_URL || 'http://127.0.0.1:3001')
  const origins: string[] = []
  for (const base of [web, admin]) {
    const url = new URL(base)
    if (url.protocol === 'http:' && !isLoopback(url.hostname))
      throw new EnvError(
        `${base} is plain http on a public name: session cookies need https; use an https address.`,
      )
    origins.push(url.origin)
    if (isLoopback(url.hostname))
      origins.push(...loopbackNames.map(host => `${url.protocol}//${host}:${url.port || 80}`))
  }
  if (isLoopback(bind)) origins.push(...loopbackNames.map(host => `http://${host}:${port}`))
  return [...new Set(origins)]
}

/** The master keys there are, whichever is active. */
export function keysOf(source: Source): Map<string, Buffer> {
  const keys = new Map<string, Buffer>()
  for (const [name, value] of Object.entries(source)) {
    const id = /^OO_KEK_([A-Za-z0-9]+)$/.exec(name)?.[1]
    if (!id || id === 'ACTIVE' || !value) continue
    const key = Buffer.from(value, 'base64')
    if (key.length !== 32) throw new EnvError(`${name} is not a master key: use 32 random bytes in base64.`)
    keys.set(id, key)
  }
  return keys
}

export function keyringOf(source: Source): Keyring {
  const keys = keysOf(source)
  const active = source.OO_KEK_ACTIVE ?? ''
  if (!keys.has(active))
    throw new EnvError(
      'OO_KEK_ACTIVE names no master key: set OO_KEK_1 to 32 random bytes in base64 and OO_KEK_ACTIVE=1.',
    )
  return { active, keys }
}

function providersOf(source: Source): ProviderEnv[] {
  const providers: ProviderEnv[] = []
  const add = (id: string, name: string, issuer: string, prefix: string) => {
    const clientId = source[`${prefix}_CLIENT_ID`]
    const clientSecret = source[`${prefix}_CLIENT_SECRET`]
    if (!clientId || !clientSecret)
      throw new EnvError(
        `Sign-in with ${name} is half configured: set ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET.`,
      )
    const url = new URL(address(`${prefix}_ISSUER`, issuer))
    const allowHttp = url.protocol === 'http:'
    if (allowHttp && !isLoopback(url.hostname))
      throw new EnvError(`${prefix}_ISSUER is plain http: sign-in needs https, except on this machine.`)
    providers.push({ id, name, issuer, clientId, clientSecret, allowHttp })
  }
  if (source.GOOGLE_CLIENT_ID) add('google', 'Google', 'https://accounts.google.com', 'GOOGLE')
  for (const [name, issuer] of Object.entries(source)) {
    const part = /^OIDC_([A-Z0-9_]+)_ISSUER$/.exec(name)?.[1]
    if (!part || !issuer) continue
    const id = part.toLowerCase().replaceAll('_', '-')
    const title = source[`OIDC_${part}_NAME`] ?? (id === 'demo' ? 'the demo person' : id)
    add(id, title, issuer, `OIDC_${part}`)
  }
  if (!isLoopback(source.OO_BIND ?? '127.0.0.1') && providers.some(provider => provider.id === 'demo'))
    throw new EnvError(
      'The demo sign-in lets anyone in: it needs OO_BIND on loopback. Configure a real provider instead.',
    )
  return providers
}

function todoistOf(source: Source): Env['todoist'] {
  const clientId = source.TODOIST_CLIENT_ID
  if (!clientId) return undefined
  const clientSecret = source.TODOIST_CLIENT_SECRET
  if (!clientSecret)
    throw new EnvError('Todoist is half configured: set TODOIST_CLIENT_SECRET beside TODOIST_CLIENT_ID.')
  const baseUrl = source.TODOIST_BASE_URL
  return { clientId, clientSecret, ...(baseUrl && { baseUrl: address('TODOIST_BASE_URL', baseUrl) }) }
}

function googleCalendarOf(
  source: Source,
  { bind, port }: { bind: string; port: number },
): Env['googleCalendar'] {
  const clientId = source.GOOGLE_CALENDAR_CLIENT_ID
  if (!clientId) return undefined
  const clientSecret = source.GOOGLE_CALENDAR_CLIENT_SECRET
  if (!clientSecret)
    throw new EnvError(
      'Google Calendar is half configured: set GOOGLE_CALENDAR_CLIENT_SECRET beside GOOGLE_CALENDAR_CLIENT_ID.',
    )
  const base = source.GOOGLE_CALENDAR_BASE_URL
  const isStandIn = base !== undefined && isLoopback(URL.parse(base)?.hostname ?? '') && isLoopback(bind)
  const reachedAt =
    reachedFromOutside(source.OO_PUBLIC_URL) ?? (isStandIn ? `http://127.0.0.1:${port}` : undefined)
  return {
    ...{ clientId, clientSecret },
    lookEveryMs: wholeNumber(source, 'GOOGLE_CALENDAR_SYNC_INTERVAL_MS', 600_000, 3_000_000),
    ...(base && { baseUrl: address('GOOGLE_CALENDAR_BASE_URL', base) }),
    ...(reachedAt && { reachedAt }),
  }
}
