import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { after, beforeEach, test } from 'node:test'
import { type Eraser, openJobs, type Tx } from '@oo/kernel'
import { erasedHash } from './erasureLedger.ts'
import { createAuth, readErasureLedger } from './index.ts'
import { newcomer, signedIn } from './testPeople.ts'
import { ask, openWorld, type World } from './testWorld.ts'

const world = await openWorld()
after(() => world.close())
beforeEach(async () => {
  await world.empty()
})

type Auth = ReturnType<World['start']>

/** A module with one row for each person; it can be made to die in the middle of its work. */
function openShelf(module: string) {
  const rows = new Set<string>()
  const shelf = { module, rows, runs: 0, dies: false, eraser: { tables: [], erase } satisfies Eraser }
  async function erase(tx: Tx, personId: string) {
    shelf.runs += 1
    await tx.$client.query("INSERT INTO events.places VALUES ($1, '3', 0)", [`${module}-${shelf.runs}`])
    if (shelf.dies) throw new Error('the lights went out')
    return rows.delete(personId) ? { rows: 1, note: `${module} is clean.` } : { rows: 0 }
  }
  return shelf
}

async function erase(auth: Auth) {
  const [job] = auth.module.jobs ?? []
  const [entry] = world.queue
  assert.ok(job && entry)
  await job.run(entry.data, AbortSignal.timeout(5_000))
}
const steps = async (auth: Auth, id: string) =>
  (await auth.door.receipt(id))?.steps.map(({ name, state, rows }) => `${name} ${state} ${rows}`)

test('a deletion signs out everywhere at once, then removes every row and destroys the key', async () => {
  const shelf = openShelf('shelf')
  const auth = world.start({}, { erasers: () => [shelf, { module: 'auth', eraser: shelf.eraser }] })
  const personId = await newcomer(world, auth)
  const { sid } = await signedIn(world, auth, personId)
  const other = await newcomer(world, auth)
  const kept = await signedIn(world, auth, other)
  shelf.rows.add(personId)
  const sealer = await auth.door.sealer(personId)
  assert.ok(sealer)
  const keys = [sealer.keyFor('one use'), sealer.keyFor('another')]
  keys.push((await auth.door.sealer(other)).keyFor('one use'))
  assert.equal(
    new Set(keys.map(key => key.toString('hex'))).size,
    3,
    'a key of its own for each use and person',
  )
  assert.deepEqual(sealer.keyFor('one use'), keys[0])
  assert.ok(await auth.door.authenticate(sid))

  const { receiptId } = await auth.door.requestErasure(personId)
  assert.match(receiptId, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(await auth.door.authenticate(sid), null)
  assert.deepEqual(await steps(auth, receiptId), ['shelf waiting 0', 'person key waiting 0'])
  await erase(auth)

  assert.deepEqual(await steps(auth, receiptId), ['shelf done 1', 'person key done 3'])
  const receipt = await ask(auth, 'getReceipt', { params: { id: receiptId } })
  assert.ok('state' in receipt.body && receipt.body.state === 'done' && receipt.body.finishedAt)
  assert.equal(receipt.body.steps[0]?.note, 'shelf is clean.')
  for (const table of ['people', 'identities', 'sessions', 'person_keys']) {
    const column = table === 'people' ? 'id' : 'person_id'
    assert.equal(await world.count(`auth.${table}`, `${column} = '${personId}'`), 0, table)
    assert.equal(await world.count(`auth.${table}`, `${column} = '${other}'`), 1, table)
  }
  await assert.rejects(auth.door.sealer(personId), /person_gone/)
  assert.ok(await auth.door.sealer(other))
  assert.ok(await auth.door.authenticate(kept.sid))
})

test('a receipt knows nothing of the person, and is not in the database by its number', async () => {
  const auth = world.start()
  const personId = await newcomer(world, auth)
  const { receiptId } = await auth.door.requestErasure(personId)
  await erase(auth)
  const { rows } = await world.db.$client.query(
    "SELECT r::text AS row FROM auth.receipts r UNION ALL SELECT s::text FROM auth.receipt_steps s UNION ALL SELECT convert_from(envelope, 'LATIN1') FROM events.log WHERE subject = 'account.deleted'",
  )
  const text = JSON.stringify(rows)
  assert.equal(rows.length, 3)
  assert.ok(!text.includes(personId) && !text.includes(receiptId))
  assert.equal(await world.count('events.log', "subject = 'account.deleted' AND person_id IS NULL"), 1)
})

test('a deletion killed midway goes on where it was, in another process too', async () => {
  const [first, second, third] = [openShelf('first'), openShelf('second'), openShelf('third')]
  const hooks = { erasers: () => [first, second, third] }
  const auth = world.start({}, hooks)
  const personId = await newcomer(world, auth)
  for (const shelf of [first, second, third]) shelf.rows.add(personId)
  const { receiptId } = await auth.door.requestErasure(personId)
  second.dies = true
  await assert.rejects(erase(auth), /lights/)
  await assert.rejects(erase(auth), /lights/)
  const half = ['first done 1', 'second waiting 0', 'third waiting 0', 'person key waiting 0']
  assert.deepEqual(await steps(auth, receiptId), half)
  assert.equal(await world.count('events.places', "subscriber LIKE 'second-%'"), 0)
  assert.ok(await auth.door.sealer(personId), 'the key outlives what it sealed')

  second.dies = false
  const next = world.start({}, hooks)
  world.queue.length = 0
  await next.module.start?.()
  assert.equal(world.queue.length, 1)
  await erase(next)
  const whole = ['first done 1', 'second done 1', 'third done 1', 'person key done 3']
  assert.deepEqual(await steps(next, receiptId), whole)
  await erase(next)
  assert.deepEqual(await steps(next, receiptId), whole)
  assert.equal(await world.count('events.log', "subject = 'account.deleted'"), 1)
})

test('two workers with the same deletion erase once', async () => {
  const shelf = openShelf('shelf')
  const auth = world.start({}, { erasers: () => [shelf] })
  const personId = await newcomer(world, auth)
  shelf.rows.add(personId)
  const { receiptId } = await auth.door.requestErasure(personId)
  await Promise.all([erase(auth), erase(auth), erase(auth)])
  assert.equal(shelf.runs, 2, 'once as its step, once before the end')
  assert.deepEqual(await steps(auth, receiptId), ['shelf done 1', 'person key done 3'])
  assert.equal(await world.count('events.log', "subject = 'account.deleted'"), 1)
})

test('what a request under way wrote after its step is removed before the end', async () => {
  const [early, late] = [openShelf('early'), openShelf('late')]
  const personId: string[] = []
  const erasers = () => [
    early,
    {
      module: 'late',
      eraser: {
        tables: [],
        async erase(tx: Tx, id: string) {
          if (late.runs === 0) early.rows.add(id)
          return late.eraser.erase(tx, id)
        },
      },
    },
  ]
  const auth = world.start({}, { erasers })
  personId.push(await newcomer(world, auth))
  const { receiptId } = await auth.door.requestErasure(personId[0] ?? '')
  await erase(auth)
  assert.equal(early.rows.size, 0)
  assert.deepEqual(await steps(auth, receiptId), ['early done 1', 'late done 0', 'person key done 3'])
})

test('asking twice deletes once and says so; nobody can sign in as a person who is being deleted', async () => {
  const auth = world.start()
  const who = { subject: 'leaving' }
  const personId = await newcomer(world, auth, who)
  const asked = await Promise.allSettled([1, 2, 3].map(() => auth.door.requestErasure(personId)))
  assert.equal(asked.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.match(JSON.stringify(asked), /being_deleted/)
  await assert.rejects(newcomer(world, auth, who), /being deleted/)
  await erase(auth)
  await assert.rejects(auth.door.requestErasure(personId), /person_gone/)
  assert.notEqual(await newcomer(world, auth, who), personId)
})

test('a module that is not here holds the deletion up instead of being skipped', async () => {
  const shelf = openShelf('shelf')
  const whole = world.start({}, { erasers: () => [shelf] })
  const { receiptId } = await whole.door.requestErasure(await newcomer(world, whole))
  await assert.rejects(erase(world.start()), /No module shelf/)
  assert.equal((await whole.door.receipt(receiptId))?.state, 'running')
  await erase(whole)
  assert.equal((await whole.door.receipt(receiptId))?.state, 'done')
})

test('a key that was read while it was being destroyed is not kept', async () => {
  const { own } = world.start()
  const since = own.keyMemory.destroyed()
  own.keyMemory.destroy('ada')
  own.keyMemory.keep(
    'ada',
    { seal: () => Buffer.alloc(0), open: () => '', keyFor: () => Buffer.alloc(32) },
    since,
  )
  assert.equal(own.keyMemory.find('ada'), undefined)
})

test('another process forgets a destroyed key within a minute', async () => {
  const [here, elsewhere] = [world.start(), world.start()]
  const personId = await newcomer(world, here)
  assert.ok(await elsewhere.door.sealer(personId))
  await here.door.requestErasure(personId)
  await erase(here)
  world.clock.advance(60_000)
  await assert.rejects(elsewhere.door.sealer(personId), /person_gone/)
})

test('an unknown receipt is a sentence', async () => {
  await assert.rejects(ask(world.start(), 'getReceipt', { params: { id: 'x'.repeat(43) } }), { status: 404 })
})

test('receipts stay one year', async () => {
  const auth = world.start()
  const { receiptId } = await auth.door.requestErasure(await newcomer(world, auth))
  await erase(auth)
  const later = await newcomer(world, auth)
  world.clock.advance(364 * 86_400_000)
  await signedIn(world, auth, later)
  assert.ok(await auth.door.receipt(receiptId))
  world.clock.advance(2 * 86_400_000)
  await signedIn(world, auth, later)
  assert.equal(await auth.door.receipt(receiptId), null)
})

test('a deletion is in the ledger before anyone is told of it; when it cannot be, nothing begins', async () => {
  const auth = world.start()
  const personId = await newcomer(world, auth)
  const noFolder = world.start({ erasureLedger: '/dev/null/ledger' })
  await assert.rejects(noFolder.door.requestErasure(personId), /erasure_not_recorded/)
  assert.equal(world.queue.length, 0)
  assert.match(
    (await noFolder.module.health?.[1]?.check(AbortSignal.timeout(1_000))) ?? '',
    /cannot be written/,
  )

  const file = auth.own.settings.erasureLedger
  assert.ok(!(await readErasureLedger(file))?.has(erasedHash(personId)))
  await auth.door.requestErasure(personId)
  assert.ok((await readErasureLedger(file))?.has(erasedHash(personId)))
  assert.ok(!readFileSync(file, 'utf8').includes(personId))

  appendFileSync(file, 'not a line of ours\n')
  assert.match(
    (await auth.module.health?.[1]?.check(AbortSignal.timeout(1_000))) ?? '',
    /cannot be read at line/,
  )
  writeFileSync(file, '')
})

test('a deletion whose request was killed before the ledger had it waits for the ledger', async () => {
  const auth = world.start()
  const personId = await newcomer(world, auth)
  await auth.door.requestErasure(personId)
  const noFolder = world.start({ erasureLedger: '/dev/null/ledger' })
  await assert.rejects(erase(noFolder), /EEXIST|ENOTDIR/)
  assert.ok(await auth.door.sealer(personId))
  await erase(auth)
  await assert.rejects(auth.door.sealer(personId), /person_gone/)
})

test('the queue itself carries a deletion to its end, and a request that is rolled back queues nothing', async () => {
  const jobs = openJobs(world.db, { log: world.ctx.log })
  const auth = world.start()
  const live = createAuth({ ...world.ctx, jobs }, auth.own.settings, auth.own.hooks)
  const [job] = live.module.jobs ?? []
  assert.ok(job)
  const finished = Promise.withResolvers<Record<string, string>>()
  await jobs.start([
    {
      ...job,
      run: (data, signal) => job.run(data, signal).then(() => finished.resolve(data), finished.reject),
    },
  ])
  try {
    const personId = await newcomer(world, auth)
    const { receiptId } = await live.door.requestErasure(personId)
    assert.deepEqual(Object.keys(await finished.promise).sort(), ['personId', 'receiptHash'])
    assert.equal((await live.door.receipt(receiptId))?.state, 'done')
    await assert.rejects(live.door.requestErasure(personId), /person_gone/)
    assert.equal(await world.count('jobs.job', "name = 'erase-person'"), 1)
  } finally {
    await jobs.stop()
  }
})

test('the export holds sessions, providers and role, and no secret', async () => {
  const auth = world.start()
  const personId = await newcomer(world, auth)
  const { sid } = await signedIn(world, auth, personId)
  const files = (await auth.module.exporter?.collect(personId)) ?? []
  assert.deepEqual(
    files.map(({ name, rows }) => [name, rows.length]),
    [
      ['account', 1],
      ['sign-ins', 1],
      ['sessions', 1],
    ],
  )
  for (const { schema, rows } of files)
    for (const row of rows) assert.deepEqual(Object.keys(row), schema.required)
  const text = JSON.stringify(files)
  assert.ok(text.includes('https://idp.test') && text.includes('Firefox on Linux'))
  assert.ok(!text.includes(sid) && !text.includes('hash') && !text.includes('wrapped'))
})
