import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { linesSince, loggedSoFar } from '../logEnd.ts'
import { claim, type Ownership } from '../owner.ts'
import { identify, isAlive, type ProcessIdentity, signal, waitUntilGone } from '../processIdentity.ts'
import { Refusal } from '../refusal.ts'
import { type Account, canEnter, databaseAccount } from './account.ts'
import { postgresBinaries } from './binaries.ts'
import {
  beginAnew,
  createCluster,
  type Places,
  placesIn,
  reachableCluster,
  refuseHalfRestored,
} from './cluster.ts'
import { findLiveServer, forgetDeadServer, removeShortFolder, shortFolderPrefix } from './liveServer.ts'
import {
  assertDurable,
  database,
  ensureRoles,
  type Passwords,
  type Role,
  readPasswords,
  socketUrl,
  superuser,
  withClient,
} from './roles.ts'

export type PostgresOptions = {
  dataDir: string
  /** Throwaway servers of tests only: no fsync, nothing survives a crash. */
  throwaway?: boolean
  /** A restore may make a database anew where an instance has lost its own. */
  anew?: boolean
}

export type Postgres = {
  socketDir: string
  passwords: Passwords
  superUrl: string
  pid: number
  /** True when a server that an earlier, killed owner left behind was taken over. */
  adopted: boolean
  url(role: Role, database?: string): string
  /** Resolves when the server is gone, whoever ended it. */
  exited: Promise<void>
  stop(): Promise<void>
}

type Server = { identity: ProcessIdentity; socketDir: string; adopted: boolean; exited: Promise<void> }

const longestSocketFolder = 103 - '/.s.PGSQL.5432'.length
const readyWithinMs = 60_000
const tuning = {
  listen_addresses: '',
  max_connections: '100',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and row values can hold a person's words, so neither reaches the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}
const throwawayTuning = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
}

/** Starts the embedded server in a data folder, or adopts the one a killed owner left there. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const places = placesIn(resolve(options.dataDir))
  mkdirSync(dirname(places.log), { recursive: true })
  const ownership = claim(places.dataDir)
  try {
    return await open(places, ownership, options)
  } catch (error) {
    ownership.release()
    throw error
  }
}

async function open(places: Places, ownership: Ownership, options: PostgresOptions): Promise<Postgres> {
  const { throwaway = false, anew = false } = options
  const existing = existsSync(join(places.cluster, 'PG_VERSION'))
  const account = databaseAccount(existing ? places.cluster : null)
  const binaries = postgresBinaries(account)
  if (anew) beginAnew(places)
  else refuseHalfRestored(places)
  if (!existing) await createCluster(places, account, binaries, !throwaway)
  const passwords = readPasswords(places.passwords)
  const live = await findLiveServer(places.cluster, passwords)
  const server = live ? adopt(live) : await launch({ places, account, binaries, passwords, throwaway })
  const superUrl = socketUrl(server.socketDir, superuser, passwords.postgres, 'postgres')
  const url = (role: Role, name = database) => socketUrl(server.socketDir, role, passwords[role], name)
  const stop = async () => {
    await end(server)
    removeShortFolder(server.socketDir)
    ownership.release()
  }
  try {
    await ensureRoles(superUrl, passwords)
    if (!throwaway) await assertDurable(url('oo_api'))
  } catch (error) {
    await stop()
    throw error
  }
  const { socketDir, adopted, exited } = server
  return { socketDir, passwords, superUrl, pid: server.identity.pid, adopted, url, exited, stop }
}

function adopt(live: { identity: ProcessIdentity; socketDir: string }): Server {
  const watch = async () => {
    while (isAlive(live.identity)) await delay(300, undefined, { ref: false })
  }
  return { ...live, adopted: true, exited: watch() }
}

type Launch = { places: Places; account: Account; binaries: string; passwords: Passwords; throwaway: boolean }

async function launch(parts: Launch): Promise<Server> {
  const deadline = Date.now() + readyWithinMs
  for (;;) {
    forgetDeadServer(parts.places.cluster)
    const socketDir = socketFolder(parts.places, parts.account)
    const from = loggedSoFar(parts.places.log)
    const { child, exited } = spawnServer(parts, socketDir)
    const identity = identify(child.pid ?? -1)
    const ready = identity !== null && (await waitUntilReady(parts, socketDir, exited, deadline))
    if (ready) return { identity, socketDir, adopted: false, exited }
    if (identity) signal(identity.pid, 'SIGQUIT')
    const lines = lastLines(parts.places.log, from)
    // Backends of a killed server hold its memory for a moment longer; the next try succeeds.
    const passing = lines.includes('is still in use') || lines.includes('still attached')
    if (!passing || Date.now() > deadline) {
      throw new Refusal(`The database did not start; ${parts.places.log} ends with:\n${lines}`)
    }
    await delay(200)
  }
}

function spawnServer(parts: Launch, socketDir: string): { child: ChildProcess; exited: Promise<void> } {
  const settings = {
    ...tuning,
    ...(parts.throwaway ? throwawayTuning : {}),
    unix_socket_directories: `"${socketDir}"`,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(parts.places.log, 'a', 0o600)
  const child = spawn(
    join(parts.binaries, 'bin', 'postgres'),
    ['-D', reachableCluster(parts.account, parts.places.cluster), ...flags],
    {
      cwd: parts.places.cluster,
      env: { LC_ALL: 'C', PATH: process.env.PATH ?? '' },
      detached: true,
      stdio: ['ignore', log, log],
      ...parts.account.switched,
    },
  )
  closeSync(log)
  const exited = new Promise<void>(done => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  return { child, exited }
}

async function waitUntilReady(
  parts: Launch,
  socketDir: string,
  exited: Promise<void>,
  deadline: number,
): Promise<boolean> {
  let gone = false
  void exited.then(() => {
    gone = true
  })
  const url = socketUrl(socketDir, superuser, parts.passwords.postgres, 'postgres')
  while (!gone && Date.now() < deadline) {
    const answered = await withClient(url, client => client.query('select 1')).then(
      () => true,
      () => false,
    )
    if (answered) return true
    await delay(10)
  }
  return false
}

/** Socket paths are limited to about 103 bytes, and the server's user must be able to reach them. */
function socketFolder(places: Places, account: Account): string {
  const own = join(places.dataDir, 'socket')
  if (Buffer.byteLength(own) <= longestSocketFolder) {
    mkdirSync(own, { recursive: true, mode: 0o700 })
    if (account.switched) chownSync(own, account.uid, account.gid)
    if (canEnter(account, own)) return own
  }
  const short = mkdtempSync(shortFolderPrefix)
  if (account.switched) chownSync(short, account.uid, account.gid)
  return short
}

/** Fast shutdown, then immediate, then kill: each bounded; Postgres recovers from all three. */
async function end(server: Server): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ]
  for (const [name, withinMs] of steps) {
    if (await waitUntilGone(server.identity, 0)) return
    signal(server.identity.pid, name)
    if (await waitUntilGone(server.identity, withinMs)) return
  }
}

/** What this start said, without what it told those who asked whether it is ready. */
function lastLines(path: string, from: number): string {
  const said = linesSince(path, from).filter(line => !/FATAL: {2}the database system is /.test(line))
  return said.slice(-8).join('\n')
}
