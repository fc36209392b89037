import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { silentLog } from '@oo/kernel'
import { startNats, until } from '@oo/local'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { StartOver } from '../startOver.ts'
import { shown } from '../testLog.ts'
import { familiesOf, partitionOf } from './families.ts'
import { familyForwarder } from './forwarder.ts'
import { openLine } from './line.ts'
import { publishInOrder } from './publish.ts'
import { newestIds } from './streams.ts'

const folder = mkdtempSync(join(tmpdir(), 'oo-forwarder-'))
const nats = await startNats({ dataDir: folder })
const line = openLine(nats.url, silentLog)
after(async () => {
  await line.stop()
  await nats.stop()
  rmSync(folder, { recursive: true, force: true })
})

const knowsIdsMs = 100
const [family] = familiesOf(['signals.tip.shown'])
assert.ok(family)
const counts = { published: () => {}, refused: () => {} }
const midway = { isFirst: false, isLast: false }
/** As a process that has just started has it. */
const fresh = () => familyForwarder(family, { line, counts, limits: { retentionDays: 1, knowsIdsMs } })
const make = (tip: string) =>
  create(EnvelopeSchema, {
    id: randomUUID(),
    type: 'signals.tip.shown',
    personId: randomUUID(),
    payload: shown(tip),
  })
const soon = () => AbortSignal.timeout(10_000)

test('a batch whose answer was lost is not written twice, long after NATS forgot its ids', async () => {
  const [first, second, third] = [make('1'), make('2'), make('3')]
  const forwarder = fresh()
  await assert.rejects(forwarder.deliver([first, second], soon(), midway), StartOver)
  await assert.rejects(
    forwarder.deliver([first, second], soon(), midway),
    StartOver,
    'until it is the beginning',
  )
  await forwarder.deliver([first, second], soon(), { ...midway, isFirst: true })
  const { js, manager } = await line.open(soon())
  await until('NATS has forgotten ids of that age', async () => {
    const again = await js.publish('signals.tip.shown.p0', '', { msgID: 'probe' })
    return !again.duplicate && again.seq > 3
  })
  const before = (await manager.streams.info('oo-signals')).state.messages
  await fresh().deliver([first, second, third], soon(), midway)
  assert.equal((await manager.streams.info('oo-signals')).state.messages, before + 1)
})

test('a batch goes as one and in order, also when NATS knows some of it already', async () => {
  const connection = await line.open(soon())
  const events = Array.from({ length: 6 }, (_, at) => make(`batch-${at}`))
  await publishInOrder(connection, 'oo-signals', events.slice(0, 4))
  await publishInOrder(connection, 'oo-signals', events.slice(3))
  const { config } = await connection.manager.streams.info('oo-signals')
  assert.equal(config.allow_atomic, true)
  const stored = [...(await newestIds(connection, 'oo-signals'))].slice(-6)
  assert.deepEqual(
    stored,
    events.map(({ id }) => id),
  )
})

test('partitions are the same in every process and language', () => {
  assert.equal(partitionOf(''), 'p35')
  assert.equal(
    partitionOf('019ca8d7-2d00-7538-b113-5ed4ed0bd282'),
    partitionOf('019ca8d7-2d00-7538-b113-5ed4ed0bd282'),
  )
  const used = new Set(Array.from({ length: 2_000 }, () => partitionOf(randomUUID())))
  assert.equal(used.size, 64)
})
