import { join, resolve } from 'node:path'
import type { Env } from './keyFingerprints.ts'
import { Refusal, WrongUse } from './refusal.ts'

export const parts = ['database', 'ml', 'sandbox', 'api', 'web', 'admin'] as const
export type Part = (typeof parts)[number]

export type Settings = {
  dataDir: string
  /** Where automatic backups lie, and the ledger of erased people. */
  backupDir: string
  bind: string
  ports: Record<'web' | 'admin' | 'api' | 'ml' | 'sandbox', number>
  demo: boolean
  wanted: Set<Part>
  openBrowser: boolean
}

const loopback = new Set(['127.0.0.1', 'localhost', '::1'])
const providerNames =
  /^(GOOGLE_CLIENT_ID|APPLE_CLIENT_ID|TODOIST_CLIENT_ID|GOOGLE_CALENDAR_CLIENT_ID|OIDC_(?!DEMO_)[A-Z0-9_]+_ISSUER)$/

/** Everything the supervisor itself reads from flags and environment, checked. */
export function readSettings(flags: string[], env: Env, root: string): Settings {
  const { only, openBrowser } = readFlags(flags)
  const configured = Object.keys(env).some(name => providerNames.test(name) && env[name])
  const demo = readSwitch(env, 'OO_DEMO') ?? !configured
  const bind = env.OO_BIND || '127.0.0.1'
  if (demo && !loopback.has(bind)) {
    throw new Refusal(
      `The demo's sign-in needs no password, so it listens on this machine only: unset OO_BIND (${bind}), or set OO_DEMO=0 and configure a provider.`,
    )
  }
  const wanted = new Set<Part>(only ?? parts)
  if (!demo) wanted.delete('sandbox')
  if (env.DATABASE_URL) wanted.delete('database')
  else if (wanted.has('api') || wanted.has('ml')) wanted.add('database')
  if (wanted.size === 0)
    throw new Refusal(
      'There is nothing to start: DATABASE_URL names a database of your own, so --only database has no work here; name other parts.',
    )
  const dataDir = resolve(root, env.OO_DATA_DIR || '.data')
  return {
    dataDir,
    backupDir: resolve(root, env.OO_BACKUP_DIR || join(dataDir, 'backups')),
    bind,
    ports: {
      web: readPort(env, 'OO_WEB_PORT', 3000),
      admin: readPort(env, 'OO_ADMIN_PORT', 3001),
      api: readPort(env, 'OO_API_PORT', 8080),
      ml: readPort(env, 'OO_ML_PORT', 8000),
      sandbox: readPort(env, 'OO_SANDBOX_PORT', 8090),
    },
    demo,
    wanted,
    openBrowser,
  }
}

/** Two installations of one checkout need two of these, as they need two data folders. */
export function secretsFile(root: string, env: Env): string {
  return resolve(root, env.OO_SECRETS_FILE || '.env.local')
}

function readFlags(flags: string[]): { only: Part[] | undefined; openBrowser: boolean } {
  let only: Part[] | undefined
  let openBrowser = true
  for (let index = 0; index < flags.length; index++) {
    const [name, inline] = (flags[index] ?? '').split('=', 2)
    if (name === '--no-open' && inline === undefined) openBrowser = false
    else if (name === '--only') only = readParts(inline ?? flags[++index] ?? '')
    else
      throw new WrongUse(
        `${flags[index]} is not a flag of npm start; it knows --only ${parts.join(',')} and --no-open.`,
      )
  }
  return { only, openBrowser }
}

function readParts(list: string): Part[] {
  return list.split(',').map(name => {
    const part = parts.find(known => known === name.trim())
    if (!part) throw new WrongUse(`--only does not know "${name}"; its parts are ${parts.join(', ')}.`)
    return part
  })
}

function readPort(env: Env, name: string, fallback: number): number {
  const text = env[name]
  if (!text) return fallback
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Refusal(`${name} is "${text}": give it a port number from 1 to 65535.`)
  }
  return port
}

function readSwitch(env: Env, name: string): boolean | undefined {
  const text = env[name]
  if (!text) return undefined
  if (text !== '0' && text !== '1') throw new Refusal(`${name} is "${text}": set it to 1 or 0.`)
  return text === '1'
}
