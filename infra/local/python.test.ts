import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ensurePython } from './python.ts'

test('the Python environment is made once and touched again only when its lock changed', async t => {
  const root = mkdtempSync(join(tmpdir(), 'oo-python-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'requirements'))
  const lock = join(root, 'requirements', 'serving.txt')
  const said: string[] = []
  const ensure = () => ensurePython(root, 'serving', line => said.push(line), AbortSignal.timeout(60_000))
  writeFileSync(lock, '# nothing\n')
  const python = await ensure()
  assert.ok(existsSync(python))
  await ensure()
  assert.equal(said.length, 1)
  writeFileSync(lock, '# still nothing\n')
  await ensure()
  assert.equal(said.length, 2)
  writeFileSync(lock, 'a-package-without-a-hash==1.0\n')
  await assert.rejects(
    ensure(),
    /The Python packages of requirements\/serving\.txt could not be installed; check network and disk/,
  )
})
