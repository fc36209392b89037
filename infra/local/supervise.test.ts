import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './ports.ts'
import { identify, type ProcessIdentity, signal, waitUntilGone } from './processIdentity.ts'
import { root } from './root.ts'

type Supervised = { supervisor: ChildProcess; ended: Promise<{ code: number | null; sentence: string }> }

async function newRun(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'oo-run-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  return { dataDir, ports: [await freePort(), await freePort()] }
}

function supervise(dataDir: string, ports: number[], readiness = 'ok'): Supervised {
  const entry = join(root, 'infra', 'local', 'fixtures', 'run.ts')
  const args = [entry, dataDir, ...ports.map(String), readiness]
  const supervisor = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  assert.ok(supervisor.stderr)
  let sentence = ''
  supervisor.stderr.setEncoding('utf8').on('data', (text: string) => {
    sentence += text
  })
  const closed = Promise.all([once(supervisor, 'exit'), once(supervisor.stderr, 'end')])
  return { supervisor, ended: closed.then(([[code]]) => ({ code, sentence })) }
}

function told(supervisor: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    supervisor.on('message', message => {
      if (message === word) resolve()
    })
    supervisor.once('exit', () => reject(new Error(`the supervisor ended before it said ${word}`)))
  })
}

/** The recorded parts and their grandchildren, whose pids the parts answer. */
async function processesOf(dataDir: string, ports: number[]): Promise<ProcessIdentity[]> {
  const parts: ProcessIdentity[] = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))
  const answers = await Promise.all(
    ports.map(async port => Number(await (await fetch(`http://127.0.0.1:${port}`)).text())),
  )
  return [...parts, ...answers.flatMap(pid => identify(pid) ?? [])]
}

async function assertGone(processes: ProcessIdentity[]): Promise<void> {
  for (const process of processes)
    assert.ok(await waitUntilGone(process, 2000), `process ${process.pid} still lives`)
}

test('SIGTERM leaves no process, no record and no owner behind, and exits with 0', async t => {
  const { dataDir, ports } = await newRun(t)
  const { supervisor, ended } = supervise(dataDir, ports)
  await told(supervisor, 'ready')
  const processes = await processesOf(dataDir, ports)
  assert.equal(processes.length, 4)
  supervisor.kill('SIGTERM')
  assert.deepEqual(await ended, { code: 0, sentence: '' })
  await assertGone(processes)
  assert.ok(!existsSync(join(dataDir, 'run.json')) && !existsSync(join(dataDir, 'owner.json')))
})

const pidOf = async (port: number): Promise<number> =>
  fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } }).then(
    async answer => Number(await answer.text()),
    () => 0,
  )

/** The recorded part that runs now; a part that was started again is recorded again. */
const newest = (dataDir: string, name: string): ProcessIdentity => {
  const parts: (ProcessIdentity & { name: string })[] = JSON.parse(
    readFileSync(join(dataDir, 'run.json'), 'utf8'),
  )
  const found = parts.findLast(part => part.name === name)
  assert.ok(found)
  return found
}

test('a part that is killed comes back with all that belonged to it, and the others go on', async t => {
  const { dataDir, ports } = await newRun(t)
  const { supervisor, ended } = supervise(dataDir, ports)
  await told(supervisor, 'ready')
  const before = await processesOf(dataDir, ports)
  const [first, second] = await Promise.all(ports.map(pidOf))
  process.kill(newest(dataDir, 'second').pid, 'SIGKILL')
  const deadline = performance.now() + 10_000
  let now = 0
  while (now === 0 || now === second) {
    assert.ok(performance.now() < deadline, 'it did not come back')
    now = await pidOf(ports[1] ?? 0)
  }
  assert.equal(await pidOf(ports[0] ?? 0), first)
  const processes = [...before, ...(await processesOf(dataDir, ports))]
  supervisor.kill('SIGTERM')
  assert.deepEqual(await ended, { code: 0, sentence: '' })
  await assertGone(processes)
})

/** The log of a part as an earlier run left it. */
function logBefore(dataDir: string, name: string): string {
  const log = join(dataDir, 'logs', `${name}.log`)
  mkdirSync(join(dataDir, 'logs'), { recursive: true })
  writeFileSync(log, 'yesterday it went wrong\n')
  return log
}

test('a part that refuses to start is quoted, first and alone; what an earlier run wrote is not', async t => {
  const { dataDir, ports } = await newRun(t)
  const log = logBefore(dataDir, 'second')
  assert.deepEqual(await supervise(dataDir, ports, 'refuses').ended, {
    code: 1,
    sentence: `second does not start: PART_COLOUR is "x": name a colour.\n(It ended with code 1, so oO stops; its log is ${log}.)\n`,
  })
})

test('a part that dies again and again stops all the others, and the sentence names it and its log', async t => {
  const { dataDir, ports } = await newRun(t)
  logBefore(dataDir, 'second')
  const { supervisor, ended } = supervise(dataDir, ports)
  await told(supervisor, 'ready')
  const processes = await processesOf(dataDir, ports)
  let over = false
  void ended.then(() => {
    over = true
  })
  for (const deadline = performance.now() + 20_000; !over; await delay(25)) {
    assert.ok(performance.now() < deadline, 'it was brought back for ever')
    if (existsSync(join(dataDir, 'run.json'))) signal(newest(dataDir, 'second').pid, 'SIGKILL')
  }
  const { code, sentence } = await ended
  assert.equal(code, 1)
  assert.match(sentence, /^second ended 6 times within a minute, so oO stops; .*second\.log ends with:\n/)
  assert.doesNotMatch(sentence, /yesterday/)
  await assertGone(processes)
})

test('after kill -9 of the supervisor the next start ends what was left and runs on the same ports', async t => {
  const { dataDir, ports } = await newRun(t)
  const killed = supervise(dataDir, ports)
  await told(killed.supervisor, 'ready')
  const left = await processesOf(dataDir, ports)
  killed.supervisor.kill('SIGKILL')
  await killed.ended
  assert.equal(
    identify(left[0]?.pid ?? 0)?.startedAt,
    left[0]?.startedAt,
    'the parts outlive a killed supervisor',
  )
  const next = supervise(dataDir, ports)
  await told(next.supervisor, 'ready')
  await assertGone(left)
  const processes = await processesOf(dataDir, ports)
  next.supervisor.kill('SIGINT')
  assert.equal((await next.ended).code, 0)
  await assertGone(processes)
})

test('a second supervisor on the same folder is refused and disturbs nothing', async t => {
  const { dataDir, ports } = await newRun(t)
  const first = supervise(dataDir, ports)
  await told(first.supervisor, 'ready')
  const second = await supervise(dataDir, [await freePort(), await freePort()]).ended
  assert.equal(second.code, 1)
  assert.match(
    second.sentence,
    new RegExp(`is in use by the oO that runs as process ${first.supervisor.pid}: stop that one`),
  )
  const processes = await processesOf(dataDir, ports)
  first.supervisor.kill('SIGHUP')
  assert.equal((await first.ended).code, 0)
  await assertGone(processes)
})

test('asked to stop while a part is not ready yet, it stops at once', async t => {
  const { dataDir, ports } = await newRun(t)
  const { supervisor, ended } = supervise(dataDir, ports, 'never')
  await told(supervisor, 'starting')
  const began = performance.now()
  supervisor.kill('SIGTERM')
  assert.equal((await ended).code, 0)
  assert.ok(performance.now() - began < 8000)
  assert.ok(!existsSync(join(dataDir, 'run.json')))
})

test('when the process that started it dies, the supervisor stops everything', async t => {
  const { dataDir, ports } = await newRun(t)
  const { supervisor, ended } = supervise(dataDir, ports)
  await told(supervisor, 'ready')
  const processes = await processesOf(dataDir, ports)
  supervisor.disconnect()
  assert.equal((await ended).code, 0)
  await assertGone(processes)
})
