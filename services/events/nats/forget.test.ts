import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type JobData, transaction } from '@oo/kernel'
import { type Nats, startNats, storedIn, until } from '@oo/local'
import { createEvents, type EventsParts } from '../index.ts'
import { openTestLog, shown } from '../testLog.ts'

const log = await openTestLog()
const folder = mkdtempSync(join(tmpdir(), 'oo-forget-'))
const enqueued: { name: string; data: JobData; startAfter: Date | undefined }[] = []
let nats: Nats
let events: EventsParts

before(async () => {
  nats = await startNats({ dataDir: folder })
  const jobs = {
    ...log.ctx.jobs,
    enqueue: async (_tx: unknown, name: string, data: JobData, more?: { startAfter?: Date }) =>
      void enqueued.push({ name, data, startAfter: more?.startAfter }),
  }
  events = createEvents({ ...log.ctx, jobs }, { natsUrl: nats.url })
  await events.module.start?.()
})
after(async () => {
  await events.module.stop?.()
  await nats.stop()
  await log.close()
  rmSync(folder, { recursive: true, force: true })
})

test('who is erased is overwritten on the stream, whoever shares the partition stays, and a job sees to it', async () => {
  const [gone, stays] = [log.person(), log.person()]
  // Many others, so that some are in the same partition.
  const others = Array.from({ length: 300 }, () => log.person())
  for (const person of [stays, gone, ...others, gone, stays])
    await transaction(log.db, tx => events.door.append(tx, person, shown('t')))
  await transaction(log.db, tx =>
    events.door.append(tx, gone, { case: 'accountCreated', value: { provider: 'demo' } }),
  )
  const count = (person: string) => storedIn(nats.storeDir).toString('latin1').split(person).length - 1
  await until('all of it is on the stream', () => count(gone) === 3 && count(stays) === 2)

  await transaction(log.db, async tx => void (await events.module.eraser?.erase(tx, gone)))
  const [job] = enqueued
  assert.equal(job?.name, 'forget-on-streams')
  assert.ok((job.startAfter?.getTime() ?? 0) > log.clock.now().getTime())
  const definition = events.module.jobs?.find(({ name }) => name === job.name)
  await definition?.run(job.data, AbortSignal.timeout(10_000))
  assert.equal(count(gone), 0)
  assert.equal(count(stays), 2)
  for (const other of others) assert.equal(count(other), 1)

  await definition?.run(job.data, AbortSignal.timeout(10_000))
  await nats.kill()
  const whileAway = definition?.run(job.data, AbortSignal.timeout(10_000)) ?? Promise.resolve()
  await assert.rejects(whileAway, 'the job must fail, so that it is tried again')
})
