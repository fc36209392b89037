import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { guardOf } from '../guard.ts'
import { freePort } from '../ports.ts'
import { identify, type ProcessIdentity, signal, waitUntilGone } from '../processIdentity.ts'
import { Refusal } from '../refusal.ts'
import { ensureNats } from './ensureNats.ts'

export type NatsOptions = {
  /** Holds everything of this server. A second start in it has the same address, user, password and streams. */
  dataDir: string
  /** Default: the one that this folder had, else a free one. */
  port?: number
}

export type Nats = {
  /** `nats://user:password@127.0.0.1:port` */
  url: string
  port: number
  pid: number
  /** Where JetStream keeps its streams, and the server its log. */
  storeDir: string
  log: string
  /** Resolves when the server is gone, whoever ended it. */
  exited: Promise<void>
  stop(): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
}

type Access = { port: number; user: string; password: string }

const readyWithinMs = 20_000
const stopWithinMs = 10_000
const tries = 3

/** Starts a JetStream server on loopback that syncs every write. It ends with this process, however that ends. */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const binary = await ensureNats()
  const folder = resolve(options.dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const known = readAccess(folder)
  const keepsPort = options.port !== undefined || known !== undefined
  for (let left = keepsPort ? 1 : tries; ; left--) {
    const access: Access = {
      user: known?.user ?? 'oo',
      password: known?.password ?? randomBytes(24).toString('hex'),
      port: options.port ?? known?.port ?? (await freePort()),
    }
    const started = await launch(binary, folder, access)
    if (started) return started
    const log = join(folder, 'nats.log')
    if (left <= 1) throw new Refusal(`nats-server did not start; ${log} ends with:\n${lastLines(log)}`)
  }
}

async function launch(binary: string, folder: string, access: Access): Promise<Nats | null> {
  const storeDir = join(folder, 'streams')
  const log = join(folder, 'nats.log')
  const config = join(folder, 'nats.conf')
  writeFileSync(config, configOf(access, storeDir), { mode: 0o600 })
  const out = openSync(log, 'a', 0o600)
  const child = spawn(binary, ['--config', config], { detached: true, stdio: ['ignore', out, out] })
  closeSync(out)
  const exited = new Promise<void>(done => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  const identity = identify(child.pid ?? -1)
  if (!identity || !(await waitUntilReady(access.port, exited))) {
    child.kill('SIGKILL')
    return null
  }
  writeFileSync(join(folder, 'access.json'), JSON.stringify(access), { mode: 0o600 })
  const guard = guardOf(identity)
  void exited.then(() => guard.kill('SIGKILL'))
  child.unref()
  return {
    url: `nats://${access.user}:${access.password}@127.0.0.1:${access.port}`,
    port: access.port,
    pid: identity.pid,
    storeDir,
    log,
    exited,
    stop: () => end(identity, ['SIGTERM', 'SIGKILL']),
    kill: () => end(identity, ['SIGKILL']),
  }
}

async function end(server: ProcessIdentity, steps: readonly NodeJS.Signals[]): Promise<void> {
  for (const step of steps) {
    if (await waitUntilGone(server, 0)) return
    signal(server.pid, step)
    if (await waitUntilGone(server, stopWithinMs)) return
  }
}

const configOf = ({ port, user, password }: Access, storeDir: string) => `server_name: oo
listen: "127.0.0.1:${port}"
max_payload: 256KB
authorization { user: "${user}", password: "${password}" }
jetstream {
  store_dir: ${JSON.stringify(storeDir)}
  max_file_store: 4GB
  sync_interval: always
}
`

/** Ready is when it greets with JetStream on; it does so once the streams of an earlier run are recovered. */
async function waitUntilReady(port: number, exited: Promise<void>): Promise<boolean> {
  let gone = false
  void exited.then(() => {
    gone = true
  })
  const deadline = Date.now() + readyWithinMs
  while (!gone && Date.now() < deadline) {
    if (/"jetstream":\s*true/.test(await greeting(port)) && !gone) return true
    await delay(10)
  }
  return false
}

function greeting(port: number): Promise<string> {
  return new Promise(done => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 })
    let told = ''
    const finish = () => {
      socket.destroy()
      done(told)
    }
    socket.setEncoding('utf8')
    socket.on('data', chunk => {
      told += chunk
      if (told.includes('\n')) finish()
    })
    for (const name of ['error', 'close', 'timeout'] as const) socket.once(name, finish)
  })
}

/** What an earlier start of this file wrote there: trusted to be its own. */
function readAccess(folder: string): Access | undefined {
  const path = join(folder, 'access.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

const lastLines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n').slice(-5).join('\n')
