import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { erasedHash, openErasureLedger, readErasureLedger } from './erasureLedger.ts'

const folder = mkdtempSync(join(tmpdir(), 'oo-ledger-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = new Date('2026-03-01T10:00:00Z')
const [ada, grace, alan] = ['ada', 'grace', 'alan'].map(name => `0190-${name}`)

test('a ledger holds hashes only, is its owner’s, and reads back what was written, also by many at once', async () => {
  const file = join(folder, 'backups', 'erased-people.jsonl')
  assert.equal(await readErasureLedger(file), null)
  const [here, elsewhere] = [openErasureLedger(file), openErasureLedger(file)]
  await here.check()
  assert.deepEqual(await readErasureLedger(file), new Set())
  await Promise.all(
    [ada, grace, alan, ada].map((id, turn) => (turn % 2 ? here : elsewhere).record(id ?? '', at)),
  )
  assert.deepEqual(await readErasureLedger(file), new Set([ada, grace, alan].map(id => erasedHash(id ?? ''))))
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.ok(!readFileSync(file, 'utf8').includes('ada'))
})

test('whoever is in the ledger is not written down again', async () => {
  const file = join(folder, 'once.jsonl')
  for (const ledger of [openErasureLedger(file), openErasureLedger(file)]) await ledger.record(ada ?? '', at)
  assert.equal(readFileSync(file, 'utf8').split('\n').length, 2, 'one line and its end')
})

test('a line that a power cut tore is passed over and swallows nothing', async () => {
  const file = join(folder, 'torn.jsonl')
  const ledger = openErasureLedger(file)
  await ledger.record(ada ?? '', at)
  appendFileSync(file, `{"person":"${erasedHash(grace ?? '').slice(0, 40)}`)
  await ledger.record(alan ?? '', at)
  assert.deepEqual(await readErasureLedger(file), new Set([ada, alan].map(id => erasedHash(id ?? ''))))
})

test('a line torn anywhere is passed over; one that nobody can read stops whoever reads, and says where', async () => {
  const file = join(folder, 'damaged.jsonl')
  const ledger = openErasureLedger(file)
  await ledger.record(ada ?? '', at)
  const line = readFileSync(file, 'utf8').trimEnd()
  for (let length = 0; length < line.length; length++) {
    writeFileSync(file, `${line}\n${line.slice(0, length)}${'\0'.repeat(length % 3)}\n${line}\n`)
    assert.equal((await readErasureLedger(file))?.size, 1, `cut after ${length}`)
  }
  writeFileSync(file, `${line}\n${line.replace('{"person":"', '{"person":"x')}\n`)
  await assert.rejects(readErasureLedger(file), /damaged\.jsonl cannot be read at line 2: put it back/)
})
