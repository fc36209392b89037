import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildApp } from './buildApp.ts'
import { documentedNames, unknownNameWarnings } from './documentedNames.ts'
import { readStored } from './envFile.ts'
import { readFingerprints, writeFingerprints } from './keyFingerprints.ts'
import { migrate } from './migrate.ts'
import { type DatabaseUrls, externalUrls, processPlans } from './plans.ts'
import { refuseTakenPorts } from './ports.ts'
import { checkExternal } from './postgres/external.ts'
import { type Postgres, startPostgres } from './postgres/startPostgres.ts'
import { whenRoom } from './postgres/whenRoom.ts'
import { type Progress, terminalProgress } from './progress.ts'
import { ensurePython } from './python.ts'
import { Refusal, reportFailure } from './refusal.ts'
import { root } from './root.ts'
import { ensureSecrets } from './secrets.ts'
import { readSettings, type Settings, secretsFile } from './settings.ts'
import { type Run, runUntilAsked } from './supervise.ts'
import { together } from './together.ts'
import { untilAskedToStop } from './untilAskedToStop.ts'

/** Starts all of oO on this machine and keeps it running until somebody asks to stop or a part cannot be kept alive. */
async function main(): Promise<number> {
  const asked = untilAskedToStop()
  const progress = terminalProgress()
  const given = { ...readStored(secretsFile(root, process.env)), ...process.env }
  const settings = readSettings(process.argv.slice(2), given, root)
  for (const warning of unknownNameWarnings(given, documentedNames(join(root, '.env.example'))))
    progress.say(`! ${warning}`)
  await runUntilAsked(settings.dataDir, progress, asked, async (run, signal) => {
    await start(run, settings, progress, signal)
    printAddresses(settings, progress)
  })
  return 0
}

async function start(run: Run, settings: Settings, progress: Progress, signal: AbortSignal): Promise<void> {
  const { wanted, dataDir, bind } = settings
  await refuseTakenPorts(bind, wantedPorts(settings))
  const env = ensureSecrets(secretsFile(root, process.env), process.env, readFingerprints(dataDir))
  processPlans(settings, env, root, null)
  let urls: DatabaseUrls | null = null
  const builds = async (signal: AbortSignal) => {
    for (const app of ['web', 'admin'] as const) {
      if (wanted.has(app)) await progress.step(`pages of ${app}`, () => buildApp(root, app, signal))
    }
  }
  const python = async (signal: AbortSignal) => {
    if (wanted.has('ml'))
      await progress.step('Python', () => ensurePython(root, 'serving', progress.say, signal))
  }
  const database = async (signal: AbortSignal) => {
    const own = wanted.has('database')
    const reached = own ? await embeddedDatabase(run, dataDir, progress) : externalUrls(env)
    const used = own || wanted.has('api') || wanted.has('ml')
    urls = reached
    if (!reached || !used) return
    if (!own) await checkExternal(reached, { env, say: progress.say })
    writeFingerprints(dataDir, env)
    const migrating = { env: { ...env, OO_BACKUP_DIR: settings.backupDir }, say: progress.say }
    await progress.step('schema', () => migrate(root, reached.owner, signal, migrating))
  }
  await together(signal, [database, python, builds])
  await run.start(processPlans(settings, env, root, urls), signal)
}

async function embeddedDatabase(run: Run, dataDir: string, progress: Progress): Promise<DatabaseUrls> {
  const postgres = await progress.step('database', () => startPostgres({ dataDir }))
  const logPath = join(dataDir, 'logs', 'postgres.log')
  run.keep({ ...databaseBase(postgres), logPath }, async signal => {
    const waiting = { folder: dataDir, say: progress.say, signal }
    const again = await whenRoom(() => startPostgres({ dataDir }), waiting)
    if (again.socketDir !== postgres.socketDir)
      throw new Refusal('its socket had to move; start oO again, or set OO_DATA_DIR to a shorter path')
    return databaseBase(again)
  })
  return { api: postgres.url('oo_api'), ml: postgres.url('oo_ml'), owner: postgres.url('oo_owner') }
}

const databaseBase = ({ exited, stop }: Postgres) => ({ name: 'database', exited, stop })

function wantedPorts(settings: Settings): { setting: string; port: number }[] {
  const { ports, wanted } = settings
  const names = ['web', 'admin', 'api', 'ml', 'sandbox'] as const
  return names
    .filter(name => wanted.has(name))
    .map(name => ({ setting: `OO_${name.toUpperCase()}_PORT`, port: ports[name] }))
}

function printAddresses(settings: Settings, progress: Progress): void {
  const { wanted, ports, demo } = settings
  const web = `http://127.0.0.1:${ports.web}`
  progress.say('')
  if (wanted.has('web')) progress.say(`  oO      ${web}`)
  if (wanted.has('admin')) progress.say(`  console http://127.0.0.1:${ports.admin}`)
  if (wanted.has('api')) progress.say(`  api     http://127.0.0.1:${ports.api}/api`)
  if (demo && wanted.has('web'))
    progress.say(`  Sign in with "Continue with the demo person"; for the console, as admin@example.test.`)
  progress.say('  Ctrl-C stops everything.')
  if (settings.openBrowser && wanted.has('web') && process.stdout.isTTY) openInBrowser(web)
}

function openInBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open'
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .once('error', () => {})
    .unref()
}

process.exitCode = await main().catch(reportFailure)
process.exit()
