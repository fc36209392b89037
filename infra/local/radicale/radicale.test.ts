import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { until } from '../until.ts'
import { startRadicale } from './startRadicale.ts'

const asked = (url: string, password: string) =>
  fetch(`${url}/ann/`, {
    method: 'PROPFIND',
    headers: { depth: '0', authorization: `Basic ${btoa(`ann:${password}`)}` },
  })

test('it lets in its people only, and nothing of it is left', async () => {
  const server = await startRadicale({ users: { ann: 'a secret' } })
  try {
    assert.equal((await asked(server.url, 'a secret')).status, 207)
    assert.equal((await asked(server.url, 'another')).status, 401)
    assert.ok(existsSync(join(server.collections, 'ann')))
    server.letIn({ ann: 'another' })
    assert.equal((await asked(server.url, 'a secret')).status, 401)
    assert.equal((await asked(server.url, 'another')).status, 207)
  } finally {
    await server.stop()
  }
  assert.ok(!existsSync(server.collections))
  await assert.rejects(asked(server.url, 'a secret'))
})

test('it ends when the process that started it is killed', async () => {
  const code = `import { startRadicale } from '${join(import.meta.dirname, 'startRadicale.ts')}'
    const { url, collections } = await startRadicale({ users: {} })
    console.log(url + ' ' + collections); setInterval(() => {}, 1e6)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>(told => createInterface({ input: owner.stdout }).once('line', told))
  const [url = '', collections = ''] = line.split(' ')
  owner.kill('SIGKILL')
  await until('the server is gone', () =>
    fetch(url).then(
      () => false,
      () => true,
    ),
  )
  rmSync(join(collections, '..', '..'), { recursive: true })
})
