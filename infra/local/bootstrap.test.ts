import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { identify, waitUntilGone } from './processIdentity.ts'
import { root } from './root.ts'

test('Ctrl-C while dependencies are installed ends at once, says so, and leaves no installer behind', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'oo-bootstrap-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'infra/local'), { recursive: true })
  for (const name of ['bootstrap.mjs', 'start.mjs'])
    cpSync(join(root, 'infra/local', name), join(folder, 'infra/local', name))
  const [npm, told] = [join(folder, 'npm.js'), join(folder, 'pid')]
  // As the real one: it takes long to undo what it began.
  writeFileSync(
    npm,
    `process.on('SIGINT', () => {}); require('node:fs').writeFileSync(${JSON.stringify(told)}, String(process.pid)); setInterval(() => {}, 1000)`,
  )
  const start = spawn(process.execPath, [join(folder, 'infra/local/start.mjs')], {
    env: { PATH: process.env.PATH, npm_execpath: npm },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let sentence = ''
  start.stderr.setEncoding('utf8').on('data', (text: string) => {
    sentence += text
  })
  const deadline = Date.now() + 20_000
  while (!existsSync(told) || readFileSync(told, 'utf8') === '') {
    assert.ok(Date.now() < deadline, 'the installer did not start')
    await delay(20)
  }
  const installer = identify(Number(readFileSync(told, 'utf8')))
  const began = performance.now()
  start.kill('SIGINT')
  const [code] = await once(start, 'close')
  assert.equal(code, 1)
  assert.equal(
    sentence,
    'Stopped before the dependencies were installed: the next start installs them anew.\n',
  )
  assert.ok(performance.now() - began < 5_000)
  assert.ok(installer && (await waitUntilGone(installer, 2_000)))
})
