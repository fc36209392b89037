import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type Answered, type Person, startInstance } from './testInstance.ts'
import { nextTask } from './testTips.ts'

// What happens at the same moment. A row is held until both sides wait for it, so each order is met every time.
/** races.apart.test.ts runs this file once more, with the recommender in a process of its own. */
const apart = import.meta.url.endsWith('?apart')

let instance: Awaited<ReturnType<typeof startInstance>>
let holder: pg.Client
let watcher: pg.Client
before(async () => {
  instance = await startInstance({ apart })
  holder = new pg.Client({ connectionString: instance.database.superUrl })
  watcher = new pg.Client({ connectionString: instance.database.superUrl })
  await holder.connect()
  await watcher.connect()
})
after(async () => {
  await holder.end()
  await watcher.end()
  await instance.stop()
})

interface Tip {
  id: string
  text: string
}

async function connected(email: string): Promise<Person> {
  const person = await instance.signIn(email)
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  return person
}

const recommend = (person: Person) => person.send('POST', '/api/recommend')

const recommended = async (person: Person): Promise<Tip> => tipOf(await recommend(person))

/** A tip as the contract describes it; the gateway lets no other shape out. */
function tipOf(answered: Answered | undefined): Tip {
  assert.ok(answered?.body.tip, JSON.stringify(answered?.body))
  return answered.body.tip as Tip
}

async function react(person: Person, tip: Tip, reaction: string): Promise<string> {
  const { status, body } = await person.send('POST', '/api/feedback', { tipId: tip.id, reaction })
  assert.equal(status, 200, JSON.stringify(body))
  return String(body.id)
}

const undo = (person: Person, reactionId: string) => person.send('DELETE', `/api/feedback/${reactionId}`)

async function waitingFor(count: number): Promise<void> {
  const deadline = AbortSignal.timeout(5_000)
  const waiting = `SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`
  while ((await watcher.query(waiting)).rowCount !== count) deadline.throwIfAborted()
}

/** Begins each in turn while the row is held, each waiting before the next begins; then lets them go. */
async function whileHeld<T>(row: string, ids: string[], acts: (() => Promise<T>)[]): Promise<T[]> {
  await holder.query('BEGIN')
  await holder.query(row, ids)
  const begun: Promise<T>[] = []
  for (const act of acts) {
    begun.push(act())
    await waitingFor(begun.length)
  }
  await holder.query('COMMIT')
  return Promise.all(begun)
}

const answerRow = `SELECT 1 FROM recommender.current WHERE tip_id = $1 FOR UPDATE`
const tipRow = `SELECT 1 FROM recommender.tips WHERE id = $1 FOR UPDATE`

test('an undo outlives a decision that began before it: the tip is back', async () => {
  const person = await connected('undo-first@example.test')
  const tip = await recommended(person)
  const reaction = await react(person, tip, 'dismiss')
  const [undone, answered] = await whileHeld(
    answerRow,
    [tip.id],
    [() => undo(person, reaction), () => recommend(person)],
  )
  assert.equal(undone?.status, 204)
  assert.equal(answered?.status, 200)
  assert.equal(tipOf(answered).id, tip.id)
  assert.equal((await recommended(person)).id, tip.id)
})

test('an undo that comes after a decision takes its place', async () => {
  const person = await connected('undo-second@example.test')
  const tip = await recommended(person)
  const reaction = await react(person, tip, 'dismiss')
  const [answered, undone] = await whileHeld(
    answerRow,
    [tip.id],
    [() => recommend(person), () => undo(person, reaction)],
  )
  assert.equal(answered?.status, 200)
  assert.equal(undone?.status, 204)
  assert.equal((await recommended(person)).id, tip.id)
})

test('a reaction and the undo of the one before it both get an answer', async () => {
  const person = await connected('both@example.test')
  const tip = await recommended(person)
  const helpful = await react(person, tip, 'helpful')
  const dismissing = () => person.send('POST', '/api/feedback', { tipId: tip.id, reaction: 'dismiss' })
  const [dismissed, undone] = await whileHeld(tipRow, [tip.id], [dismissing, () => undo(person, helpful)])
  assert.equal(dismissed?.status, 200)
  // The later reaction had already taken its place.
  assert.equal(undone?.status, 404)
})

test('an answer that was withdrawn while a decision was made leads to a new one that counts', async () => {
  const person = await connected('withdrawn@example.test')
  const tip = await recommended(person)
  await react(person, tip, 'dismiss')
  const [answered] = await whileHeld(
    `DELETE FROM recommender.current WHERE tip_id = $1`,
    [tip.id],
    [() => recommend(person)],
  )
  assert.equal(tipOf(answered).id, (await recommended(person)).id)
})

test('done, undone and done again ends done, whichever the provider hears of last', async () => {
  const email = 'again@example.test'
  const person = await connected(email)
  const tasks = async () => {
    const { tasks } = await instance.control('GET', `todoist/${email}/tasks`)
    return tasks as { id: string; content: string; checked: boolean; due: { is_recurring: boolean } | null }[]
  }
  // One that comes again is never checked, so it could not tell done from undone.
  for (const { id, due } of await tasks())
    if (due?.is_recurring) await instance.control('POST', `todoist/${email}/tasks/${id}/delete`)
  const tip = await nextTask(person)
  const settle = (reactionId: string) => instance.runJob('recommender.settle-task', { reactionId })
  const first = await react(person, tip, 'done')
  await settle(first)
  await instance.control('POST', 'faults', { target: 'todoist', mode: '500' })
  assert.equal((await undo(person, first)).status, 204)
  const second = await react(person, tip, 'done')
  await instance.control('POST', 'faults', { target: 'todoist', mode: 'none' })
  instance.clock.advance(11_000)
  await settle(second)
  await settle(first)
  assert.equal((await tasks()).find(task => task.content === tip.text)?.checked, true)
})

test('a moment that no clock shows is refused or ignored, never an error', async () => {
  const person = await connected('leap@example.test')
  const tip = await recommended(person)
  const leap = `${instance.clock.now().getUTCFullYear()}-06-30T23:59:60Z`
  const shown = await person.send('POST', `/api/tips/${tip.id}/shown`, { at: leap })
  assert.equal(shown.status, 204)
  const snooze = { tipId: tip.id, reaction: 'snooze', snoozeUntil: leap }
  const refused = await person.send('POST', '/api/feedback', snooze)
  assert.equal(refused.status, 422, JSON.stringify(refused.body))
})

test('a reaction counts as shown once, whether or not the page reported it', async () => {
  const person = await connected('implied@example.test')
  const tip = await recommended(person)
  await react(person, tip, 'helpful')
  await person.send('POST', `/api/tips/${tip.id}/shown`, {})
  const { rows } = await watcher.query<{ times_shown: number }>(
    `SELECT i.times_shown FROM recommender.items i
       JOIN recommender.tips t USING (person_id, source, external_id) WHERE t.id = $1`,
    [tip.id],
  )
  assert.equal(rows[0]?.times_shown, 1)
})
