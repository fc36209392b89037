import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type NodeTests, runNodeTests } from './nodeTests.ts'

const begin = "import { test } from 'node:test'\n"

type Bounds = Pick<NodeTests, 'withinMs' | 'allWithinMs'>

/** Runs files with these bodies. */
async function run(t: TestContext, bodies: Record<string, string>, bounds: Bounds = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'oo-node-tests-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const files = Object.entries(bodies).map(([name, body]) => {
    const file = join(folder, `${name}.test.ts`)
    writeFileSync(file, begin + body)
    return file
  })
  let said = ''
  const print = (text: string) => {
    said += text
  }
  const signal = AbortSignal.timeout(60_000)
  const { stories = [], ...totals } = await runNodeTests({
    root: folder,
    files,
    atOnce: 2,
    env: process.env,
    signal,
    print,
    ...bounds,
  })
  return { totals, stories, said }
}

test('passed, failed, skipped are added up over files, and what a file leaves open does not keep it', async t => {
  const { totals, stories, said } = await run(t, {
    good: "test('a', () => {}); test('b', () => {}); setInterval(() => {}, 1000)",
    bad: "test('c', () => { throw new Error('seven') }); test.skip('d', () => {})",
    unreadable: "throw new Error('at once')",
  })
  assert.deepEqual(totals, { passed: 2, failed: 2, skipped: 1 })
  assert.deepEqual(
    stories.map(story => /seven|at once/.exec(story)?.[0]).toSorted(),
    ['at once', 'seven'],
    'the end of a run tells what failed, and that alone',
  )
  for (const part of ['good.test.ts 2/2', '✗ c (', 'seven', 'at once', 'unreadable.test.ts ended without'])
    assert.ok(said.includes(part), `${part} is said in ${said}`)
})

test('a file that hangs is killed, told by its name and counted as failed; the others run', async t => {
  const bodies = { hangs: 'for (;;);', before: "test('a', () => {})", after: "test('b', () => {})" }
  const { totals, said } = await run(t, bodies, { withinMs: 5000 })
  assert.deepEqual(totals, { passed: 2, failed: 1, skipped: 0 })
  assert.match(said, /✗ .*hangs\.test\.ts was killed/)
})

test('a process that hangs after it told its results has told them', async t => {
  const { totals, said } = await run(
    t,
    { exits: "test('a', () => {}); process.on('exit', () => { for (;;); })" },
    { withinMs: 5000 },
  )
  assert.deepEqual(totals, { passed: 1, failed: 0, skipped: 0 })
  assert.match(said, /! .*exits\.test\.ts was killed/)
})

test('all of them have a bound too: what runs then is killed, and what did not run has failed', async t => {
  const bodies = { first: 'for (;;);', second: 'for (;;);', third: "test('a', () => {})" }
  const { totals, said } = await run(t, bodies, { allWithinMs: 1500 })
  assert.deepEqual(totals, { passed: 0, failed: 3, skipped: 0 })
  assert.match(said, /✗ .*third\.test\.ts was not run/)
})
