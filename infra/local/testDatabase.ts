import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Passwords, type Role, socketUrl, superuser, withClient } from './postgres/roles.ts'
import { root } from './root.ts'

/** A database of its own for one test file, migrated, empty. */
export type TestDatabase = {
  name: string
  url(role: Role): string
  superUrl: string
  /** Ends every connection to it and deletes it. */
  drop(): Promise<void>
}

export type TestServer = { socketDir: string; passwords: Passwords; template: string }

let ownServer: Promise<TestServer> | undefined

/** Copies the migrated template on the shared server of the run; alone, on a server that ends with this process. */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const server = await findServer()
  const name = `oo_test_${randomBytes(6).toString('hex')}`
  const adminUrl = socketUrl(server.socketDir, superuser, server.passwords.postgres, 'postgres')
  const template = options.empty ? 'template0' : server.template
  await withClient(adminUrl, client =>
    client.query(`create database ${name} template ${template} owner oo_owner`),
  )
  return {
    name,
    url: role => socketUrl(server.socketDir, role, server.passwords[role], name),
    superUrl: socketUrl(server.socketDir, superuser, server.passwords.postgres, name),
    drop: async () => {
      await withClient(adminUrl, client => client.query(`drop database if exists ${name} with (force)`))
    },
  }
}

/** Starts the server process; it ends when `stop` is called or this process is gone. */
export async function startTestServer(): Promise<{ server: TestServer; stop(): Promise<void> }> {
  const args = [join(root, 'infra', 'local', 'testServer.ts')]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('error', reject)
    void exited.then(() => reject(new Error('the test database server did not start; its sentence is above')))
  })
  child.unref()
  unrefStream(child.stdin)
  unrefStream(child.stdout)
  const stop = () => {
    child.ref()
    child.stdin.end()
    return exited
  }
  return { server: parseServer(line), stop }
}

function findServer(): Promise<TestServer> {
  const shared = process.env.OO_TEST_PG
  ownServer ??= shared
    ? Promise.resolve(parseServer(readFileSync(shared, 'utf8')))
    : startTestServer().then(started => started.server)
  return ownServer
}

/** The line that testServer.ts itself printed: trusted to be a server's description. */
function parseServer(text: string): TestServer {
  return JSON.parse(text)
}

/** A pipe to a child is a socket, which the stream types do not say. */
function unrefStream(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
}
