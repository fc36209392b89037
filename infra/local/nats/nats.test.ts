import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { identify, waitUntilGone } from '../processIdentity.ts'
import { ensureNats, isNewEnough } from './ensureNats.ts'
import { startNats } from './startNats.ts'

const folder = mkdtempSync(join(tmpdir(), 'oo-nats-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a nats-server from before 2.10.23 is not used: Debian has 2.9.10', () => {
  for (const told of ['nats-server: v2.10.23', 'nats-server: v2.11.0', 'nats-server: v3.0.0-RC.1'])
    assert.ok(isNewEnough(told), told)
  for (const told of ['nats-server: v2.9.10', 'nats-server: v2.10.22', 'nats-server: v1.99.99', ''])
    assert.ok(!isNewEnough(told), told)
})

test('where there is neither server nor lock, one sentence says what to do', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    await assert.rejects(
      ensureNats({ root: folder }),
      /needs nats-server 2\.10\.23 or newer.*put one on the PATH/,
    )
  } finally {
    process.env.PATH = path
  }
})

test('it listens on loopback only, lets nobody in without the password, and syncs every write', async () => {
  const nats = await startNats({ dataDir: join(folder, 'one') })
  try {
    const config = join(folder, 'one', 'nats.conf')
    assert.equal(statSync(config).mode & 0o777, 0o600)
    assert.match(readFileSync(config, 'utf8'), /^\s*sync_interval: always$/m)
    const url = new URL(nats.url)
    assert.equal(url.hostname, '127.0.0.1')
    assert.match(await hello(nats.port, {}), /Authorization Violation/)
    const right = await hello(nats.port, { user: url.username, pass: url.password })
    assert.match(right, /PONG/)
    assert.doesNotMatch(right, /Authorization/)
  } finally {
    await nats.stop()
  }
})

test('killed and started again in its folder, it is found at the same address with the same password', async () => {
  const first = await startNats({ dataDir: join(folder, 'two') })
  await first.kill()
  await first.exited
  const second = await startNats({ dataDir: join(folder, 'two') })
  assert.equal(second.url, first.url)
  assert.notEqual(second.pid, first.pid)
  await second.stop()
  await second.exited
})

test('it ends when the process that started it is killed', async () => {
  const code = `import { startNats } from '${join(import.meta.dirname, 'startNats.ts')}'
    console.log((await startNats({ dataDir: '${join(folder, 'three')}' })).pid); setInterval(() => {}, 1e6)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>(told => createInterface({ input: owner.stdout }).once('line', told))
  const server = identify(Number(line))
  assert.ok(server)
  owner.kill('SIGKILL')
  assert.ok(await waitUntilGone(server, 5_000))
})

function hello(port: number, access: { user?: string; pass?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 5_000 })
    let told = ''
    socket.setEncoding('utf8')
    socket.write(`CONNECT ${JSON.stringify({ verbose: false, ...access })}\r\nPING\r\n`)
    socket.on('data', chunk => {
      told += chunk
      if (told.includes('PONG') || told.includes('-ERR')) socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(told))
  })
}
