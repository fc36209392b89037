import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Log } from '@oo/kernel'
import { startNats, storedIn, until } from '@oo/local'
import { createEvents } from '../index.ts'
import { openTestLog } from '../testLog.ts'

const log = await openTestLog()
const folder = mkdtempSync(join(tmpdir(), 'oo-away-'))
after(async () => {
  await log.close()
  rmSync(folder, { recursive: true, force: true })
})

const lines: string[] = []
const told: Log = Object.assign(Object.create(log.ctx.log), {
  warn: (_: unknown, line: string) => void lines.push(line),
  info: (_: unknown, line?: string) => void lines.push(line ?? String(_)),
})

test('while NATS is away health says so, the log does not flood, writing goes on; then everything is mirrored', async t => {
  let nats = await startNats({ dataDir: folder })
  const { url, storeDir } = nats
  await nats.kill()
  const events = createEvents({ ...log.ctx, log: told }, { natsUrl: url })
  t.after(async () => {
    await events.module.stop?.()
    await nats.stop()
  })
  const health = events.module.health?.find(({ name }) => name === 'nats')
  const tips = Array.from({ length: 30 }, (_, n) => `tip-while-away-${n}`)
  await log.show(events.door, 'before the start')
  await events.module.start?.()
  for (const tip of tips) await log.show(events.door, tip)
  assert.match(
    (await health?.check(AbortSignal.timeout(5_000))) ?? '',
    /does not answer: events wait in the log/,
  )
  await until('it was tried', () => lines.some(line => line.includes('is away')))

  nats = await startNats({ dataDir: folder })
  const stored = () => storedIn(storeDir).toString('latin1')
  await until('all is on the stream', () => tips.every(tip => stored().includes(tip)))
  assert.ok(stored().includes('before the start'), 'a stream that is new has what happened before it')
  assert.equal(await health?.check(AbortSignal.timeout(5_000)), undefined)
  assert.deepEqual(
    lines.filter(line => line.includes('event stream')),
    ['the event stream is away; events wait in the log meanwhile', 'the event stream is back'],
  )
  assert.ok(lines.length <= 6, lines.join('\n'))
})
