import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { runProofs } from './runProofs.ts'
import { verdictOf } from './verdict.ts'

const folder = mkdtempSync(join(tmpdir(), 'oo-proofs-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const row: ProofRow = {
  id: 'R1',
  what: 'fine',
  done: 1,
  of: 1,
  unit: 'x',
  lost: 0,
  doubled: 0,
  control: 'caught',
  notes: [],
}
const proofOf = (id: string, run: (house: ProofHouse) => Promise<ProofRow[]>): Proof => ({
  id,
  what: id,
  run,
})
const runAll = (proofs: Proof[], signal = new AbortController().signal, atOnce = 1) =>
  runProofs(proofs, { full: false, signal, folder, atOnce })

test('a proof that fails costs its own row only, and what it started is stopped, the last first', async () => {
  const stopped: string[] = []
  let scratch = ''
  const failing = proofOf('R2', async house => {
    scratch = house.folder
    house.keep(() => stopped.push('first'))
    house.keep(() => Promise.reject(new Error('this one does not stop')))
    house.keep(() => stopped.push('last'))
    throw new Error('it threw')
  })
  const rows = await runAll([failing, proofOf('R3', async () => [row])])
  assert.deepEqual(rows.map(verdictOf), ['failed', 'passed'])
  assert.equal(rows[0]?.failed, 'it threw')
  assert.deepEqual(stopped, ['last', 'first'])
  assert.equal(existsSync(scratch), false)
})

test('an error that nobody waits for belongs to the proof that runs', () => {
  // In a process of its own: the test runner listens for such errors itself.
  const script = `
    import { runProofs } from '${join(import.meta.dirname, 'runProofs.ts')}'
    const stray = () => (void Promise.reject(new Error('stray')), new Promise(() => {}))
    const proofs = [{ id: 'R2', what: '', run: stray }, { id: 'R3', what: '', run: async () => [{}] }]
    const signal = new AbortController().signal
    const rows = await runProofs(proofs, { full: false, signal, folder: process.argv[1], atOnce: 1 })
    console.log(JSON.stringify(rows.map(row => row.failed ?? null)))`
  const args = ['--input-type=module-typescript', '-e', script, folder]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 })
  assert.deepEqual(JSON.parse(stdout), ['stray', null])
})

test('asked to stop, the running proof is told, everything it started ends, and no further one begins', async () => {
  const stopping = new AbortController()
  const seen: string[] = []
  const endless = proofOf('R2', house => {
    house.keep(() => seen.push('stopped'))
    house.signal.addEventListener('abort', () => seen.push('told'))
    setImmediate(() => stopping.abort(new Error('The proofs were stopped.')))
    return new Promise(() => {})
  })
  const rows = await runAll([endless, proofOf('R3', async () => [row])], stopping.signal)
  assert.deepEqual(seen, ['told', 'stopped'])
  assert.deepEqual(
    rows.map(({ failed }) => failed),
    ['The proofs were stopped.'],
  )
})

test('two run side by side, one that measures time runs alone, and the rows keep the order of the list', async () => {
  const running = new Set<string>()
  const beside = new Map<string, number>()
  const both = Promise.withResolvers<void>()
  const together = (id: string) =>
    proofOf(id, async () => {
      running.add(id)
      if (running.size === 2) both.resolve()
      await both.promise
      beside.set(id, running.size)
      running.delete(id)
      return [{ ...row, id }]
    })
  const alone: Proof = {
    ...proofOf('R2', async () => {
      beside.set('R2', running.size)
      return [{ ...row, id: 'R2' }]
    }),
    alone: true,
  }
  const rows = await runAll([together('R1'), alone, together('R3')], new AbortController().signal, 2)
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['R1', 'R2', 'R3'],
  )
  assert.equal(beside.get('R1'), 2)
  assert.equal(beside.get('R2'), 0)
})
