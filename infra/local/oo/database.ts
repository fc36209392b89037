import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeFingerprints } from '../keyFingerprints.ts'
import { claim, prepareFolder } from '../owner.ts'
import { type DatabaseUrls, externalUrls, processPlans } from '../plans.ts'
import { placesIn } from '../postgres/cluster.ts'
import { reachExternal } from '../postgres/external.ts'
import { findRunning } from '../postgres/findRunning.ts'
import { startPostgres } from '../postgres/startPostgres.ts'
import { Refusal } from '../refusal.ts'
import { root } from '../root.ts'
import { secretsFile } from '../settings.ts'
import { untilAskedToStop } from '../untilAskedToStop.ts'
import { leavingNothing } from './leaveNothing.ts'
import type { Called } from './words.ts'

export interface Wish {
  /** Nobody else may use the data folder meanwhile. */
  alone: boolean
  /** A database may be made where there is none. */
  anew?: boolean
}

/** Runs one of services/api/oo.ts's verbs on the database of this installation; answers its exit code. */
export function runOnDatabase(called: Called, words: string[], wish: Wish): Promise<number> {
  const { dataDir } = called.settings
  const run = () => withDatabase(called, wish, urls => runVerb(called, urls, words))
  if (!wish.anew || externalUrls(called.env)) return run()
  return leavingNothing(dataDir, run)
}

/** The database of this installation: the one that runs, or one that is started for as long as it is used. */
export async function withDatabase<T>(
  { settings, env }: Called,
  { alone, anew = false }: Wish,
  use: (urls: DatabaseUrls) => Promise<T>,
): Promise<T> {
  const { dataDir } = settings
  const external = externalUrls(env)
  if (external) {
    await reachExternal(external)
    return alone ? held(dataDir, () => use(external)) : use(external)
  }
  const running = alone ? null : await findRunning(dataDir)
  if (running) return use(running)
  if (!anew && !existsSync(placesIn(dataDir).cluster))
    throw new Refusal(
      `There is no database in ${dataDir}: start oO once, or set OO_DATA_DIR to the folder that has one.`,
    )
  const postgres = await startPostgres({ dataDir, anew })
  try {
    const done = await use({
      api: postgres.url('oo_api'),
      ml: postgres.url('oo_ml'),
      owner: postgres.url('oo_owner'),
    })
    if (anew && done === 0) rmSync(placesIn(dataDir).restoring, { force: true })
    return done
  } finally {
    await postgres.stop()
  }
}

async function held<T>(dataDir: string, use: () => Promise<T>): Promise<T> {
  prepareFolder(dataDir)
  const ownership = claim(dataDir)
  try {
    return await use()
  } finally {
    ownership.release()
  }
}

/** What the child may tell besides its lines. */
export type Told = (message: unknown) => void

export async function runVerb(
  { settings, env }: Called,
  urls: DatabaseUrls,
  words: string[],
  told: Told = () => {},
): Promise<number> {
  const api = processPlans({ ...settings, wanted: new Set(['api']) }, env, root, urls)[0]
  const child = spawn(process.execPath, [join(root, 'services', 'api', 'oo.ts'), ...words], {
    cwd: root,
    env: {
      ...api?.env,
      OO_OWNER_DATABASE_URL: urls.owner,
      OO_SECRETS_FILE: secretsFile(root, process.env),
    },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', told)
  // Ctrl-C reaches the child by itself; we stay to stop the database after it.
  void untilAskedToStop().then(() => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code ?? 1))
  })
}

/** The keys that this folder's data is known to be sealed with, after they changed. */
export function rememberKeys({ settings, env }: Called): void {
  writeFingerprints(settings.dataDir, env)
}
