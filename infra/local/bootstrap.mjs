// What start.mjs and test.mjs share: plain JavaScript that an old Node can still read, so that it can say what is missing.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const installNeedsBytes = 1.5e9
/** Maglev's compile jobs can hang a process at its exit for ever (nodejs/node#54918); none of these computes much. */
const calm = '--no-maglev'

/** Installs what the lock names when it is not installed, then runs `entry` (TypeScript) with the pinned Node. */
export async function bootstrap(entry) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20)
    refuse(`oO needs Node 20 or newer, this is ${process.version}: install a newer one and try again.`)
  if (!dependenciesMatch()) await install()
  const node = pinnedNode()
  if (realpathSync(node) === realpathSync(process.execPath)) {
    setFlagsFromString(calm)
    await import(pathToFileURL(join(root, entry)).href)
    return
  }
  const args = [calm, join(root, entry), ...process.argv.slice(2)]
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` }
  process.exit(await runForwarding(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env }))
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** True when every package of the lock that this machine needs is in node_modules in that very version. */
function dependenciesMatch() {
  const installedPath = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedPath)) return false
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages
    return Object.entries(wanted).every(([path, entry]) => {
      if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true
      const found = installed[path]
      return found ? entry.link || found.version === entry.version : entry.optional || entry.devOptional
    })
  } catch {
    return false
  }
}

async function install() {
  const disk = statfsSync(root)
  const freeBytes = disk.bavail * disk.bsize
  if (freeBytes < installNeedsBytes) {
    refuse(
      `Only ${Math.round(freeBytes / 1e6)} MB are free in ${root}: make room for ${installNeedsBytes / 1e6} MB and try again.`,
    )
  }
  const began = Date.now()
  const seconds = () => Math.round((Date.now() - began) / 1000)
  process.stdout.write('… dependencies: installing what package-lock.json names\n')
  const ticker = setInterval(() => process.stdout.write(`  … still installing, ${seconds()} s\n`), 10_000)
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  // In a group of its own: npm takes long to undo on Ctrl-C what the next installation deletes anyway.
  const options = { cwd: root, stdio: 'inherit', detached: true }
  let stopped = false
  const stop = child => {
    stopped = true
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
  }
  const code = npm?.endsWith('.js')
    ? await runForwarding(process.execPath, [npm, ...args], options, stop)
    : await runForwarding('npm', args, options, stop)
  clearInterval(ticker)
  if (stopped) refuse('Stopped before the dependencies were installed: the next start installs them anew.')
  if (code !== 0)
    refuse(
      'The dependencies could not be installed: read the lines above, check network and disk, and try again.',
    )
  process.stdout.write(`✓ dependencies ${seconds()} s\n`)
}

/** The Node that package-lock.json pins; where no such build exists, the system's when it is new enough. */
function pinnedNode() {
  const pinned = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  const runs = existsSync(pinned) && spawnSync(pinned, ['--version'], { timeout: 10_000 }).status === 0
  if (process.platform === 'linux' && runs) return pinned
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return refuse(
    `On this kind of machine oO needs Node 24 or newer, this is ${process.version}: install it and try again.`,
  )
}

/** Runs a command to its end; signals reach it, and it is ended when the npm that started us is gone. */
function runForwarding(command, args, options, stop = (child, signal) => child.kill(signal)) {
  return new Promise(resolve => {
    const child = spawn(command, args, options)
    const forward = signal => stop(child, signal)
    for (const signal of signals) process.on(signal, forward)
    const parent = process.ppid
    const guard = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) stop(child, 'SIGTERM')
    }, 500)
    const finish = code => {
      clearInterval(guard)
      for (const signal of signals) process.off(signal, forward)
      resolve(code)
    }
    child.on('error', error => {
      process.stderr.write(`${command} could not be run: ${error.message}\n`)
      finish(1)
    })
    child.on('exit', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 1)))
  })
}
