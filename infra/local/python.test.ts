import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ensurePython } from './python.ts'

function newRoot(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'oo-python-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'requirements'))
  writeFileSync(join(root, 'requirements', 'serving.txt'), '# nothing\n')
  return root
}

test('the Python environment is made once and touched again only when its lock changed', async t => {
  const root = newRoot(t)
  const lock = join(root, 'requirements', 'serving.txt')
  const said: string[] = []
  const ensure = () => ensurePython(root, 'serving', line => said.push(line), AbortSignal.timeout(60_000))
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

test('an environment that a killed start left half-made is made anew', async t => {
  const root = newRoot(t)
  // This far Python's venv comes before pip: an interpreter is there, and nothing that could install packages.
  const halfMade = spawnSync('python3', ['-m', 'venv', '--without-pip', join(root, '.venv')], {
    timeout: 60_000,
  })
  assert.equal(halfMade.status, 0)
  const python = await ensurePython(root, 'serving', () => {}, AbortSignal.timeout(60_000))
  const pip = spawnSync(python, ['-m', 'pip', '--version'], { timeout: 60_000 })
  assert.equal(pip.status, 0)
})

test('asked to stop while the environment is made, nothing of that goes on', async t => {
  const root = newRoot(t)
  const stopped = AbortSignal.abort()
  await assert.rejects(
    ensurePython(root, 'serving', () => {}, stopped),
    /could not be made/,
  )
  assert.ok(!existsSync(join(root, '.venv')))
})
