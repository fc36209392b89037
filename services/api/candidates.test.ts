import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '@oo/local'
import { unzipSync } from 'fflate'
import { type Person, startInstance } from './testInstance.ts'
import { type TestTip, tipOf, tipThat } from './testTips.ts'

// What may be shown to a person, seen from outside: every decision logs its candidates, and why it left the rest out.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance()
})
after(() => instance.stop())

interface Decision {
  chosen: string | null
  candidates: string[]
  ineligible: { id: string; reason: string; count?: number }[]
}

async function react(person: Person, tip: TestTip, reaction: string, more: object = {}): Promise<string> {
  const { status, body } = await person.send('POST', '/api/feedback', { tipId: tip.id, reaction, ...more })
  assert.equal(status, 200, JSON.stringify(body))
  return String(body.id)
}

/** Asks anew, whatever stands. */
async function decideAnew(person: Person): Promise<Decision> {
  const { body } = await person.send('POST', '/api/recommend')
  if (body.tip) await react(person, body.tip as TestTip, 'already_done')
  const { body: next } = await person.send('POST', '/api/recommend')
  const found = await instance.query(
    'SELECT chosen, candidates, ineligible FROM recommender.decisions WHERE id = $1',
    [next.decisionId],
  )
  return found.rows[0] as unknown as Decision
}

const reasonOf = ({ ineligible }: Decision, id: string) => ineligible.find(left => left.id === id)?.reason

async function addTask(email: string, content: string): Promise<string> {
  const added = await instance.control('POST', `todoist/${email}/tasks`, { content })
  const { id } = added as { id: string }
  return `todoist:${id}`
}

async function connected(email: string): Promise<{ person: Person; id: string }> {
  const person = await instance.signIn(email)
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const { body } = await person.get('/api/auth/session')
  return { person, id: String(body.personId) }
}

/** Memory of the provider is fresh for half a minute; the look after it reads anew. */
async function seen(person: Person, id: string): Promise<Decision> {
  let decision = await decideAnew(person)
  await until('the new task is known', async () => {
    instance.clock.advance(31_000)
    decision = await decideAnew(person)
    return decision.candidates.includes(id) || reasonOf(decision, id) !== undefined
  })
  return decision
}

const itemsOf = async (personId: string) =>
  (await instance.query('SELECT * FROM recommender.items WHERE person_id = $1', [personId])).rows

test('with nothing connected there is advice, of every theme that fits, and the way to connect is with it', async () => {
  const person = await instance.signIn('advice@example.test')
  const tip = await tipOf(person)
  assert.deepEqual([tip.kind, tip.source.provider, tip.hint], ['advice', 'library', 'connect'])
  assert.ok(tip.text.length > 10 && tip.text.length <= 120)
  const decision = await decideAnew(person)
  assert.equal(decision.candidates.length, 8)
  assert.ok(decision.candidates.every(id => id.startsWith('library:')))
  const counts = decision.ineligible.filter(({ id }) => id === 'library')
  const counted = counts.reduce((sum, { count }) => sum + (count ?? 0), 0)
  assert.deepEqual(counts.map(({ reason }) => reason).toSorted(), ['not_drawn', 'unfit'])
  assert.equal(counted + 1, 168 - 8, 'all cards are scored, resting or counted')
})

test('advice that is done tells no provider, is learned of like a task, and an undo brings it back', async () => {
  const person = await instance.signIn('done@example.test')
  const tip = await tipOf(person)
  const reaction = await react(person, tip, 'done')
  const jobs = await instance.query(
    `SELECT 1 FROM jobs.job WHERE name = 'recommender.settle-task' AND data->>'reactionId' = $1`,
    [reaction],
  )
  assert.equal(jobs.rowCount, 0)
  assert.notEqual((await tipOf(person)).id, tip.id)
  assert.equal((await person.send('DELETE', `/api/feedback/${reaction}`)).status, 204)
  assert.equal((await tipOf(person)).text, tip.text)
  const { body } = await person.get('/api/feedback')
  assert.equal((body.reactions as { text?: string }[])[0]?.text, tip.text)
})

test('what connects an app is shown by the tasks: advice that knew nothing yet makes room', async () => {
  const { person } = await connected('first@example.test')
  const before = await instance.signIn('later@example.test')
  const advice = await tipOf(before)
  instance.clock.advance(1_000)
  assert.match(await before.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  await until('the advice was withdrawn', async () => (await tipOf(before)).id !== advice.id)
  instance.clock.advance(1_000)
  assert.ok((await before.send('DELETE', '/api/integrations/todoist')).status < 300)
  await until('nothing is connected again', async () => (await tipOf(before)).hint === 'connect')
  const alone = await tipOf(before)
  instance.clock.advance(1_000)
  assert.match(await before.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  await until('and so it is, the next time', async () => (await tipOf(before)).id !== alone.id)
  const decision = await decideAnew(person)
  const kinds = new Set(decision.candidates.map(id => id.split(':')[0]))
  assert.deepEqual(kinds, new Set(['todoist', 'library']), 'both compete in one decision')
  assert.equal((await tipOf(before)).hint, undefined)
})

test('never takes the item and its like away, nothing else, until it is undone; erasure leaves nothing of it', async () => {
  const email = 'never@example.test'
  await addTask(email, 'Call the plumber about the kitchen tap')
  const { person, id } = await connected(email)
  const tip = await tipThat(person, ({ text }) => text === 'Call the plumber about the kitchen tap')
  const never = await react(person, tip, 'never')

  const like = await addTask(email, 'Call plumber about kitchen tap!')
  const other = await addTask(email, 'Call the bank about the new card')
  const decision = await seen(person, other)
  assert.equal(reasonOf(decision, like), 'like_never')
  assert.ok(decision.candidates.includes(other), JSON.stringify(decision))

  const kept = (await itemsOf(id)).filter(({ sketch }) => sketch)
  assert.equal(kept.length, 1)
  const bytes = kept[0]?.sketch as Buffer
  assert.ok(!bytes.toString('latin1').includes('lumb'), 'nothing of the words is stored')
  const { raw } = await person.get('/api/profile/export')
  const items = Buffer.from(unzipSync(raw)['recommender/items.jsonl'] ?? []).toString()
  assert.ok(items.includes('"sketch":"') && !items.includes('plumber'))

  assert.equal((await person.send('DELETE', `/api/feedback/${never}`)).status, 204)
  assert.equal((await itemsOf(id)).filter(({ sketch }) => sketch).length, 0, 'an undo leaves no sketch')
  const after = await decideAnew(person)
  assert.ok(after.candidates.includes(like) || reasonOf(after, like) === 'duplicate', JSON.stringify(after))

  const again = await tipThat(person, ({ text }) => text.startsWith('Call'))
  await react(person, again, 'never')
  assert.equal((await itemsOf(id)).filter(({ sketch }) => sketch).length, 1)
  assert.equal((await person.send('DELETE', '/api/profile', { confirm: 'delete' })).status, 202)
  await until('nothing remains', async () => (await itemsOf(id)).length === 0)
})

test('what was dismissed rests three days and then comes back', async () => {
  const { person, id } = await connected('dismissed@example.test')
  await react(person, await tipOf(person), 'dismiss')
  const [row] = (await itemsOf(id)).filter(({ sketch }) => sketch)
  assert.ok(row)
  const key = `${row.source}:${row.external_id}`
  assert.equal(reasonOf(await decideAnew(person), key), 'dismiss')
  instance.clock.advance(72 * 3_600_000 - 60_000)
  assert.equal(reasonOf(await decideAnew(person), key), 'dismiss')
  instance.clock.advance(61_000)
  assert.notEqual(reasonOf(await decideAnew(person), key), 'dismiss')
})

test('no consent: tasks are not looked at, and the log says so', async () => {
  const { person } = await connected('consent@example.test')
  await tipOf(person)
  const withdrawal = { purpose: 'sync', version: '1', granted: false }
  assert.equal((await person.send('PUT', '/api/profile/consents', withdrawal)).status, 200)
  await until('the tip is gone', async () => (await tipOf(person)).kind === 'advice')
  assert.equal(reasonOf(await decideAnew(person), 'tasks'), 'no_consent')
})

test('of a day where the person is no kind has more than its share, and what gives way is logged', async () => {
  const email = 'ceiling@example.test'
  for (let task = 0; task < 60; task++) await addTask(email, `Matter ${task}`)
  const { person } = await connected(email)
  const timeZone = 'Pacific/Auckland'
  assert.equal((await person.send('PATCH', '/api/profile', { timeZone })).status, 200)
  const dayOf = () => instance.clock.now().toLocaleDateString('sv', { timeZone })
  const kindOf = (id: string) => (id.startsWith('library:') ? 'advice' : 'todo')
  let day = ''
  let shown: string[] = []
  const gaveWay = new Set<string>()
  for (let tips = 0; tips < 48; tips++) {
    instance.clock.advance(50 * 60_000)
    const tip = await tipOf(person)
    if (day !== dayOf()) [day, shown] = [dayOf(), []]
    const found = await instance.query(
      'SELECT candidates, ineligible FROM recommender.decisions WHERE id = $1',
      [tip.decisionId],
    )
    const decision = found.rows[0] as unknown as Decision
    const enough = decision.ineligible.filter(({ reason }) => reason === 'enough_today')
    for (const kind of ['todo', 'advice']) {
      const isFull = shown.filter(one => one === kind).length >= 0.75 * (shown.length + 1)
      assert.equal(
        decision.candidates.some(id => kindOf(id) === kind),
        !isFull,
        `${kind} of ${shown.join(' ')}`,
      )
      assert.equal(
        enough.some(({ id }) => kindOf(id) === kind),
        isFull,
      )
      if (isFull) gaveWay.add(kind)
    }
    shown.push(tip.kind)
    await react(person, tip, 'dismiss')
  }
  assert.ok(gaveWay.has('todo'), 'chance decides, among far more tasks than advice')
})
