// Looks at an installation from the outside in, a line a finding: ✓ good, ! worth knowing, ✗ to be mended.
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { documentedNames, unknownNameWarnings } from '../documentedNames.ts'
import { externalUrls } from '../plans.ts'
import { portTaken } from '../ports.ts'
import { placesIn } from '../postgres/cluster.ts'
import { findRunning } from '../postgres/findRunning.ts'
import { errorText } from '../refusal.ts'
import { root } from '../root.ts'
import { runCommand } from '../runCommand.ts'
import { secretsFile } from '../settings.ts'
import { runVerb, withDatabase } from './database.ts'
import type { Called } from './words.ts'

type Mark = '✓' | '!' | '✗'
type Finding = { mark: Mark; text: string }

const found = (mark: Mark, text: string): Finding => ({ mark, text })
const diskNeedsBytes = 1e9
const backupAtMostDays = 7
const dayMs = 86_400_000

export async function doctor(called: Called): Promise<number> {
  let worst = 0
  const print = ({ mark, text }: Finding) => {
    process.stdout.write(`${mark} ${text}\n`)
    if (mark === '✗') worst = 1
  }
  const running = externalUrls(called.env)
    ? null
    : await findRunning(called.settings.dataDir).catch(() => null)
  for (const finding of [
    checkNode(),
    await checkPython(),
    ...checkSecrets(called),
    checkDisk(called),
    ...checkFolder(called),
    ...(running ? [found('✓', 'oO runs, or left its database running')] : await checkPorts(called)),
    checkBackups(called),
  ])
    print(finding)
  if (!externalUrls(called.env) && !existsSync(placesIn(called.settings.dataDir).cluster)) {
    print(found('!', `no database in ${called.settings.dataDir} yet: npm start makes it`))
    return worst
  }
  try {
    const code = await withDatabase(called, { alone: false }, urls => runVerb(called, urls, ['doctor']))
    return Math.max(worst, code)
  } catch (error) {
    print(found('✗', errorText(error)))
    return 1
  }
}

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  return major >= 24
    ? found('✓', `Node ${process.versions.node}`)
    : found('✗', `Node ${process.versions.node} is too old: install 24 or newer.`)
}

async function checkPython(): Promise<Finding> {
  const python = join(root, '.venv', 'bin', 'python')
  if (!existsSync(python)) return found('!', 'the Python environment is not made yet: npm start makes it')
  const version = await runCommand(python, ['--version'], { cwd: root, withinMs: 10_000 }).catch(() => null)
  return version?.code === 0
    ? found('✓', version.output.trim())
    : found('✗', `${python} does not run: delete the folder .venv, npm start makes it again.`)
}

function checkSecrets({ env }: Called): Finding[] {
  const file = secretsFile(root, process.env)
  const unknown = unknownNameWarnings(env, documentedNames(join(root, '.env.example')))
  const warnings = unknown.map(text => found('!', text))
  if (!existsSync(file)) return [found('!', `${file} does not exist yet: npm start makes it`), ...warnings]
  const open = (statSync(file).mode & 0o077) !== 0
  return [
    open
      ? found('✗', `${file} can be read by others: chmod 600 ${file}`)
      : found('✓', `${file} is its owner's alone`),
    ...warnings,
  ]
}

function checkDisk({ settings }: Called): Finding {
  const folder = existsSync(settings.dataDir) ? settings.dataDir : root
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const text = `${(free / 1e9).toFixed(1)} GB are free in ${folder}`
  return free < diskNeedsBytes
    ? found('✗', `${text}: make room, a full disk refuses what people do.`)
    : found('✓', text)
}

function checkFolder({ settings: { dataDir } }: Called): Finding[] {
  if (!existsSync(dataDir)) return []
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    return [found('✓', `${dataDir} is this user's to use`)]
  } catch {
    return [found('✗', `${dataDir} is not this user's to use: start oO as user ${statSync(dataDir).uid}.`)]
  }
}

async function checkPorts({ settings }: Called): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [name, port] of Object.entries(settings.ports)) {
    const taken = await portTaken(settings.bind, { setting: `OO_${name.toUpperCase()}_PORT`, port })
    if (taken) findings.push(found('✗', taken))
  }
  return findings.length > 0
    ? findings
    : [found('✓', `the ports ${Object.values(settings.ports).join(', ')} are free`)]
}

function checkBackups({ settings }: Called): Finding {
  const folder = settings.backupDir
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.oo-backup')) : []
  const newest = Math.max(0, ...names.map(name => statSync(join(folder, name)).mtimeMs))
  if (newest === 0)
    return found(
      '!',
      `no backup lies in ${folder}; npm run oo -- backup ${join(folder, 'today.oo-backup')} makes one`,
    )
  const days = Math.floor((Date.now() - newest) / dayMs)
  return days > backupAtMostDays
    ? found('!', `the newest backup in ${folder} is ${days} days old`)
    : found('✓', `the newest backup in ${folder} is ${days} days old`)
}
