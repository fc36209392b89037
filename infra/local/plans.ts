import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessPlan } from './child.ts'
import type { Env } from './keyFingerprints.ts'
import { Refusal } from './refusal.ts'
import type { Part, Settings } from './settings.ts'

/** Where the database is reached, by role. */
export type DatabaseUrls = { api: string; ml: string; owner: string }

/** A database of one's own, where `DATABASE_URL` names one. */
export function externalUrls(env: Env): DatabaseUrls | null {
  const api = env.DATABASE_URL
  return api ? { api, ml: env.OO_ML_DATABASE_URL || api, owner: env.OO_OWNER_DATABASE_URL || api } : null
}

type Plan = ProcessPlan & { part: Part; entry: string }

const readyWithinMs = 60_000
/** Secrets of other processes that a page server has no use for. */
const serverOnly =
  /^(DATABASE_URL|ML_|VAPID_PRIVATE|SMTP_|ADMIN_|NATS_|LITELLM_|JUDGE_|OLLAMA_|OO_SECRET$|OO_KEK_)|_SECRET$|_PRIVATE_KEY$|_DATABASE_URL$/

/** The processes this run wants, each with the environment it needs and no more. */
export function processPlans(
  settings: Settings,
  env: Env,
  root: string,
  urls: DatabaseUrls | null,
): ProcessPlan[] {
  const { ports, bind } = settings
  const at = (port: number, path = '') => `http://127.0.0.1:${port}${path}`
  const sandbox = settings.demo ? sandboxEnvironment(env, at(ports.sandbox)) : {}
  const mode = {
    NODE_ENV: env.NODE_ENV || 'production',
    OO_DEMO: settings.demo ? '1' : '0',
    OO_BIND: bind,
    OO_BACKUP_DIR: settings.backupDir,
    // A part that is started again compiles nothing anew: a third of its way back.
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE || join(root, 'node_modules', '.cache', 'compiled'),
  }
  const numbers = {
    OO_WEB_PORT: String(ports.web),
    OO_ADMIN_PORT: String(ports.admin),
    OO_API_PORT: String(ports.api),
    OO_ML_PORT: String(ports.ml),
    OO_SANDBOX_PORT: String(ports.sandbox),
    OO_PUBLIC_URL: env.OO_PUBLIC_URL || at(ports.web),
    OO_ADMIN_URL: env.OO_ADMIN_URL || at(ports.admin),
  }
  const common: Env = { ...env, ...mode, ...numbers, ...sandbox }
  const pages = Object.fromEntries(Object.entries(common).filter(([name]) => !serverOnly.test(name)))
  const mlEnv = Object.fromEntries(
    Object.entries(common).filter(([name]) => !/^(DATABASE_URL|OO_SECRET|OO_KEK_)/.test(name)),
  )
  const node = (
    part: Part,
    entry: string,
    more: Omit<Partial<Plan>, 'part' | 'entry'> & { env: Env; readyUrl: string },
  ) => ({
    name: part,
    part,
    entry,
    command: process.execPath,
    args: [join(root, entry)],
    cwd: root,
    readyWithinMs,
    after: [],
    ...more,
  })
  const all: Plan[] = [
    {
      ...node('ml', 'ml/serving/__main__.py', {
        env: { ...mlEnv, OO_ML_DATABASE_URL: urls?.ml, PYTHONDONTWRITEBYTECODE: undefined },
        readyUrl: at(ports.ml, '/health'),
      }),
      command: join(root, '.venv', 'bin', 'python'),
      args: ['-m', 'ml.serving'],
    },
    node('sandbox', 'packages/sandbox/main.ts', {
      env: { ...pages, ...sandbox },
      readyUrl: at(ports.sandbox, '/health'),
    }),
    node('api', 'services/api/main.ts', {
      env: { ...common, DATABASE_URL: urls?.api, ML_URL: env.ML_URL || at(ports.ml) },
      readyUrl: at(ports.api, '/health/ready'),
      after: ['sandbox', 'ml'],
    }),
    node('web', 'apps/web/server.mjs', {
      env: { ...pages, OO_API_URL: at(ports.api) },
      cwd: join(root, 'apps', 'web'),
      readyUrl: at(ports.web, '/sign-in'),
    }),
    node('admin', 'apps/admin/server.mjs', {
      env: { ...pages, OO_API_URL: at(ports.api) },
      cwd: join(root, 'apps', 'admin'),
      readyUrl: at(ports.admin, '/sign-in'),
    }),
  ]
  const wanted = all.filter(plan => settings.wanted.has(plan.part))
  for (const { part, entry } of wanted) {
    if (!existsSync(join(root, entry))) {
      throw new Refusal(
        `${entry} does not exist, so ${part} cannot start: leave it out with --only and the parts you want.`,
      )
    }
  }
  return wanted.map(({ part: _, entry: __, ...plan }) => plan)
}

/** Providers that nobody configured are answered by the sandbox, under the names it knows; what is configured stays. */
function sandboxEnvironment(env: Env, address: string): Env {
  const signIn: Env = {
    OIDC_DEMO_ISSUER: `${address}/oidc`,
    ADMIN_SEED_EMAIL: env.ADMIN_SEED_EMAIL || 'admin@example.test',
    OIDC_DEMO_CLIENT_ID: 'oo-demo',
    OIDC_DEMO_CLIENT_SECRET: 'oo-demo-secret-of-the-sandbox-only',
  }
  const todoist: Env = {
    TODOIST_BASE_URL: `${address}/todoist`,
    TODOIST_CLIENT_ID: 'oo-sandbox',
    TODOIST_CLIENT_SECRET: 'oo-todoist-secret-of-the-sandbox-only',
  }
  const googleCalendar: Env = {
    GOOGLE_CALENDAR_BASE_URL: `${address}/google`,
    GOOGLE_CALENDAR_CLIENT_ID: 'oo-sandbox.apps.googleusercontent.com',
    GOOGLE_CALENDAR_CLIENT_SECRET: 'oo-google-secret-of-the-sandbox-only',
  }
  return {
    ...signIn,
    ...(env.TODOIST_CLIENT_ID ? {} : todoist),
    ...(env.GOOGLE_CALENDAR_CLIENT_ID ? {} : googleCalendar),
  }
}
