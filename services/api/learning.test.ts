import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type Person, startInstance } from './testInstance.ts'

// From a reaction to what was learned of it, through every part as it runs: each reward once, each undo without a trace.
let instance: Awaited<ReturnType<typeof startInstance>>
let database: pg.Client
before(async () => {
  instance = await startInstance({ ml: true })
  database = new pg.Client({ connectionString: instance.database.superUrl })
  await database.connect()
})
after(async () => {
  await database.end()
  await instance.stop()
})

async function connected(email: string): Promise<{ person: Person; id: string }> {
  const person = await instance.signIn(email)
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const { body } = await person.get('/api/auth/session')
  return { person, id: String(body.personId) }
}

async function recommended(person: Person): Promise<string> {
  const { body } = await person.send('POST', '/api/recommend')
  assert.ok(body.tip, JSON.stringify(body))
  return (body.tip as { id: string }).id
}

async function react(person: Person, tipId: string, reaction: string): Promise<string> {
  const { status, body } = await person.send('POST', '/api/feedback', { tipId, reaction })
  assert.equal(status, 200, JSON.stringify(body))
  return String(body.id)
}

/** How many rewards were learned, as the shadow that only counts has it, and the incumbent's posterior. */
async function learned(personId: string): Promise<{ rewards: number; bytes: string }> {
  const query = `SELECT policy, bytes FROM ml.posteriors WHERE person_id = $1`
  const { rows } = await database.query<{ policy: string; bytes: Buffer }>(query, [personId])
  const of = (name: string) => rows.find(row => row.policy === name)?.bytes
  const rewards = Number(of('random')?.readBigUInt64LE(4) ?? 0)
  return { rewards, bytes: of('hb_ts')?.toString('hex') ?? '' }
}

/** Everything told so far has been heard by ml. */
async function quiet(): Promise<void> {
  const until = Date.now() + 20_000
  const behind = `SELECT count(*)::int AS n FROM events.log l, events.places p
    WHERE (l.xid, l.seq) > (p.xid, p.seq)
      AND ((p.subscriber = 'recommender.rewards' AND l.subject IN ('signals.tip.reacted', 'signals.tip.undone'))
        OR (p.subscriber = 'recommender.learning' AND l.subject = 'signals.tip.rewarded'))`
  for (;;) {
    const { rows } = await database.query<{ n: number }>(behind)
    if (rows[0]?.n === 0) return
    assert.ok(Date.now() < until, `${rows[0]?.n} events were not heard`)
  }
}

async function told(personId: string): Promise<number> {
  const count = `SELECT count(*)::int AS n FROM events.log WHERE person_id = $1 AND subject = 'signals.tip.rewarded'`
  const { rows } = await database.query<{ n: number }>(count, [personId])
  return rows[0]?.n ?? 0
}

test('a reaction is learned once, a changed mind instead of it, and an undo leaves the bytes of before', async () => {
  const { person, id } = await connected('learns@example.test')
  await react(person, await recommended(person), 'helpful')
  await quiet()
  const first = await learned(id)
  assert.equal(first.rewards, 1)

  const tip = await recommended(person)
  await react(person, tip, 'not_helpful')
  await react(person, tip, 'not_helpful')
  const changed = await react(person, tip, 'done')
  await quiet()
  assert.deepEqual(await learned(id).then(({ rewards }) => rewards), 2)
  assert.equal(await told(id), 3)

  assert.equal((await person.send('DELETE', `/api/feedback/${changed}`)).status, 204)
  await quiet()
  assert.deepEqual(await learned(id), first)

  await react(person, await recommended(person), 'already_done')
  await quiet()
  assert.deepEqual(await learned(id), first, 'already_done teaches nothing')
})

test('while ml is away rewards wait, and nothing is lost or learned twice', async () => {
  const { person, id } = await connected('waits@example.test')
  await react(person, await recommended(person), 'not_helpful')
  await quiet()
  const tip = await recommended(person)
  await instance.ml.stop()
  await react(person, tip, 'helpful')
  const guessed = await recommended(person)
  await react(person, guessed, 'dismiss')
  await instance.ml.start()
  await quiet()
  assert.equal(await told(id), 3)
  assert.equal((await learned(id)).rewards, 2, 'a decision that ml did not make teaches nothing')
})

test('a reaction during a pause earns nothing', async () => {
  const { person, id } = await connected('rests@example.test')
  const tip = await recommended(person)
  assert.ok((await person.send('POST', '/api/profile/pause', {})).status < 300)
  await react(person, tip, 'helpful')
  await quiet()
  assert.deepEqual([await told(id), (await learned(id)).rewards], [0, 0])
})

test('when all that was learned is lost, the log brings it back to the bit', async () => {
  const { person, id } = await connected('again@example.test')
  const other = await connected('other@example.test')
  for (const reaction of ['helpful', 'dismiss', 'wrong_time'])
    await react(person, await recommended(person), reaction)
  await quiet()
  const before = await learned(id)
  assert.equal(before.rewards, 3)
  await database.query('TRUNCATE ml.posteriors, ml.terms, ml.heads, ml.snapshots, ml.layouts')
  instance.clock.advance(3_600_000)
  await react(other.person, await recommended(other.person), 'helpful')
  await quiet()
  assert.deepEqual(await learned(id), before)
  assert.equal((await learned(other.id)).rewards, 1)
  const wanting = await database.query('SELECT person_id FROM ml.heads WHERE wants_log')
  assert.deepEqual(wanting.rows, [], 'ml was told that this was all of it')
})

test('someone erased does not come back by an event that is told again', async () => {
  const { person, id } = await connected('gone@example.test')
  await react(person, await recommended(person), 'helpful')
  await quiet()
  const columns = `event_id AS "eventId", decision_id AS "decisionId", person_id AS "personId", reward, part`
  const { rows } = await database.query(`SELECT ${columns} FROM ml.terms WHERE person_id = $1`, [id])
  assert.equal(rows.length, 1)
  assert.equal((await person.send('DELETE', '/api/profile', { confirm: 'delete' })).status, 202)
  const until = Date.now() + 10_000
  while ((await learned(id)).bytes !== '') assert.ok(Date.now() < until, 'the posterior is still there')
  const features = { ids: ['a'], names: ['intercept'], values: [[1]] }
  const again = { ...rows[0], features, chosen: 'a', probabilities: [1] }
  const { applied, ignored } = await instance.ml.ask('/reward', { events: [again] })
  assert.deepEqual({ applied, ignored }, { applied: 0, ignored: 1 })
  for (const table of ['posteriors', 'terms', 'heads', 'snapshots']) {
    const left = await database.query(`SELECT 1 FROM ml.${table} WHERE person_id = $1`, [id])
    assert.equal(left.rowCount, 0, table)
  }
})
