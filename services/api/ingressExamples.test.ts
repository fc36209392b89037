import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type Person, startInstance } from './testInstance.ts'

// The examples of docs/api/ingress.md, run from its very text.
const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/api/ingress.md'), 'utf8')
const run = promisify(execFile)
const programs = {
  bash: { command: 'bash', ends: 'sh' },
  python: { command: join(root, '.venv/bin/python'), ends: 'py' },
  ts: { command: process.execPath, ends: 'ts' },
}

let instance: Awaited<ReturnType<typeof startInstance>>
let person: Person
let env: NodeJS.ProcessEnv
// Beside this file, so that the TypeScript one finds the sdk as a program in this repository does.
const folder = mkdtempSync(join(import.meta.dirname, '.examples-'))

before(async () => {
  instance = await startInstance()
  person = await instance.signIn('examples@example.test')
  const { body: asked } = await person.get('/api/profile/consents')
  const { senses } = asked as { senses: { purpose: string; version: string }[] }
  for (const { purpose, version } of senses)
    await person.send('PUT', '/api/profile/consents', { purpose, version, granted: true })
  const wish = { name: 'Examples', types: ['mood', 'sleep', 'idle'] }
  const { body } = await person.send('POST', '/api/integrations/ingress', wish)
  const { source, secret } = body as { source: { id: string }; secret: string }
  const address = instance.api.app.server.address()
  assert.ok(address && typeof address === 'object')
  const url = `http://127.0.0.1:${address.port}/api/ingress/${source.id}`
  env = { PATH: process.env.PATH, INGRESS_URL: url, INGRESS_SECRET: secret }
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await instance.stop()
})

for (const [language, { command, ends }] of Object.entries(programs))
  test(`the example in ${language} is taken as it stands in the documents, and refused with another secret`, async () => {
    const [, text] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page) ?? []
    assert.ok(text, `docs/api/ingress.md has no example in ${language}`)
    const file = join(folder, `example.${ends}`)
    writeFileSync(file, text)
    const { stdout } = await run(command, [file], { env, timeout: 20_000 })
    assert.deepEqual(JSON.parse(stdout), { accepted: 1, refused: [] })
    const wrong = { ...env, INGRESS_SECRET: 'oos_another' }
    await assert.rejects(run(command, [file], { env: wrong, timeout: 20_000 }), /401|signature does not fit/)
  })

test('each example told something of its own', async () => {
  const { rows } = await instance.query('SELECT type FROM integrations.signals ORDER BY type')
  assert.deepEqual(
    rows.map(({ type }) => type),
    ['idle', 'mood', 'sleep'],
  )
})
