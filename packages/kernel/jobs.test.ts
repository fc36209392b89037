import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '@oo/local'
import { closePool, type JobData, openJobs, openPool, silentLog, transaction } from './index.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
const jobs = openJobs(db, { log: silentLog })

const promise = 'A bell was not rung.'
const rung: string[] = []
const waiting = new Map<string, () => void>()
const rings = (bell: string): Promise<void> => {
  const { promise: ringing, resolve } = Promise.withResolvers<void>()
  waiting.set(bell, resolve)
  return ringing
}
function ring({ bell = '' }: JobData): void {
  rung.push(bell)
  waiting.get(bell)?.()
}

let failures = 1
const tries: string[] = []
await jobs.start([
  { name: 'ring', promise, run: async data => ring(data) },
  {
    name: 'stubborn',
    promise,
    async run(data) {
      tries.push(data.bell ?? '')
      if (failures-- > 0) throw new Error('the rope slipped')
      ring(data)
    },
  },
  {
    name: 'hopeless',
    promise,
    retryLimit: 0,
    async run(data) {
      ring(data)
      throw new Error('there is no bell')
    },
  },
])
after(async () => {
  await jobs.stop()
  await closePool(db)
  await database.drop()
})

test('a job runs after its transaction has committed; one of a transaction that is rolled back never does', async () => {
  const thrown = transaction(db, async tx => {
    await jobs.enqueue(tx, 'ring', { bell: 'lost' })
    throw new Error('changed my mind')
  })
  await assert.rejects(thrown)
  const kept = rings('kept')
  await transaction(db, tx => jobs.enqueue(tx, 'ring', { bell: 'kept' }))
  await kept
  const { rows } = await db.$client.query(`SELECT data FROM jobs.job WHERE data->>'bell' = 'lost'`)
  assert.deepEqual(rows, [])
  assert.deepEqual(rung, ['kept'])
})

test('a job that fails is tried again', async () => {
  const done = rings('stubborn')
  await jobs.enqueue(db, 'stubborn', { bell: 'stubborn' })
  await done
  assert.deepEqual(tries, ['stubborn', 'stubborn'])
})

test('a job that is to start later waits for its time', async () => {
  const startAfter = new Date(Date.now() + 3_600_000)
  await jobs.enqueue(db, 'ring', { bell: 'later' }, { startAfter })
  const sooner = rings('sooner')
  await jobs.enqueue(db, 'ring', { bell: 'sooner' })
  await sooner
  assert.ok(!rung.includes('later'))
})

test('a job that was given up lies among the dead, where health sees it', async () => {
  assert.equal(await jobs.dead(), 0)
  const tried = rings('hopeless')
  await jobs.enqueue(db, 'hopeless', { bell: 'hopeless' })
  await tried
  const deadline = AbortSignal.timeout(10_000)
  while ((await jobs.dead()) === 0) deadline.throwIfAborted()
  assert.equal(await jobs.dead(), 1)
})
