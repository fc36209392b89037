import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { unzipSync } from 'fflate'
import { type Person, startInstance } from './testInstance.ts'
import { nextTask, type TestTip, tipOf } from './testTips.ts'

/** wholeLoop.apart.test.ts runs this file once more, with the recommender in a process of its own. */
const apart = import.meta.url.endsWith('?apart')

let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance({ ml: true, apart })
})
after(() => instance.stop())

const react = (person: Person, tip: TestTip, reaction: string, more: object = {}) =>
  person.send('POST', '/api/feedback', { tipId: tip.id, reaction, ...more })

/** A recurring task that is completed stays open at its next date; these tests are about those that end. */
async function withoutRecurring(email: string): Promise<void> {
  const { tasks } = (await instance.control('GET', `todoist/${email}/tasks`)) as {
    tasks: { id: string; due: { is_recurring: boolean } | null }[]
  }
  for (const { id, due } of tasks)
    if (due?.is_recurring) await instance.control('POST', `todoist/${email}/tasks/${id}/delete`)
}

async function connected(email: string): Promise<Person> {
  await withoutRecurring(email)
  const person = await instance.signIn(email)
  const end = await person.visit('/api/integrations/todoist/connect')
  assert.match(end, /connected=todoist/)
  return person
}

async function openTexts(email: string): Promise<string[]> {
  const { tasks } = (await instance.control('GET', `todoist/${email}/tasks`)) as {
    tasks: { content: string; checked: boolean }[]
  }
  return tasks.filter(task => !task.checked).map(task => task.content)
}

test('from a first sign-in to a tip and back: done, completed at the provider, undone, reopened, exported, erased', async () => {
  const email = 'loop@example.test'
  await withoutRecurring(email)
  const person = await instance.signIn(email)

  assert.equal((await tipOf(person)).kind, 'advice', 'there is advice before anything is connected')
  instance.clock.advance(1_000)

  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const { body: list } = await person.get('/api/integrations')
  const [todoist] = list.integrations as { id: string; state: string; openTasks: number }[]
  assert.equal(todoist?.state, 'connected')
  assert.equal(todoist?.openTasks, (await openTexts(email)).length)

  const tip = await nextTask(person)
  assert.equal(tip.policy, 'hb_ts')
  assert.ok((await openTexts(email)).includes(tip.text))
  assert.equal((await tipOf(person)).id, tip.id, 'the same moment gives the same tip')
  assert.equal((await person.send('POST', `/api/tips/${tip.id}/shown`, {})).status, 204)

  const done = await react(person, tip, 'done')
  assert.equal(done.status, 200, JSON.stringify(done.body))
  const again = await react(person, tip, 'done')
  assert.equal(again.body.id, done.body.id, 'a double tap is one reaction')
  assert.notEqual((await tipOf(person)).id, tip.id)
  const undone = await person.send('DELETE', `/api/feedback/${done.body.id}`)
  assert.equal(undone.status, 204)
  assert.equal((await tipOf(person)).id, tip.id, 'an undo in time brings the tip back')
  await instance.runJob('recommender.settle-task', { reactionId: String(done.body.id) })
  assert.ok((await openTexts(email)).includes(tip.text), 'an undo in time never reaches the provider')

  const second = await react(person, tip, 'done')
  await instance.runJob('recommender.settle-task', { reactionId: String(second.body.id) })
  assert.ok(!(await openTexts(email)).includes(tip.text), 'done completes the task where it lives')
  await instance.runJob('recommender.settle-task', { reactionId: String(second.body.id) })

  instance.clock.advance(5 * 60_000)
  await instance.control('POST', 'faults', { target: 'todoist', mode: 'down' })
  assert.equal((await person.send('DELETE', `/api/feedback/${second.body.id}`)).status, 204)
  assert.equal((await tipOf(person)).id, tip.id, 'the tip is back while its task waits to be reopened')
  await instance.control('POST', 'faults', { target: 'todoist', mode: 'none' })
  await instance.runJob('recommender.settle-task', { reactionId: String(second.body.id) })
  assert.ok((await openTexts(email)).includes(tip.text), 'a later undo reopens it')

  const exported = await person.get('/api/profile/export')
  assert.equal(exported.status, 200)
  const files = unzipSync(exported.raw)
  const reactions = Buffer.from(files['recommender/reactions.jsonl'] ?? []).toString()
  assert.equal(reactions.split('"reaction":"done"').length - 1, 2)
  assert.ok(files['README.md'])

  const gone = await person.send('DELETE', '/api/profile', { confirm: 'delete' })
  assert.equal(gone.status, 202)
  assert.equal((await person.get('/api/auth/session')).status, 401, 'signed out at once')
  await finished(String(gone.body.receiptId))
  const { live } = await instance.control('GET', `todoist/${email}/grants`)
  assert.equal(live, 0, 'the grant is revoked at the provider')
})

async function finished(receiptId: string): Promise<void> {
  const someone = instance.stranger()
  const deadline = AbortSignal.timeout(10_000)
  for (;;) {
    deadline.throwIfAborted()
    const { body } = await someone.get(`/api/receipts/${receiptId}`)
    const { live } = await instance.control('GET', 'todoist/loop@example.test/grants')
    if (body.state === 'done' && live === 0) return
  }
}

test('reactions: final ones stand, others may change, each makes its item rest', async t => {
  const person = await connected('reactions@example.test')
  // After so many refusals the scorer would rightly show nothing more: here chance decides.
  await instance.ml.stop()
  t.after(async () => {
    await instance.ml.start()
    instance.clock.advance(2_000)
  })
  const helpful = await tipOf(person)
  const first = await react(person, helpful, 'helpful')
  const changed = await react(person, helpful, 'dismiss')
  assert.notEqual(changed.body.id, first.body.id)
  const refused = await react(person, helpful, 'done')
  assert.equal(refused.status, 409)
  assert.equal(refused.body.code, 'already_answered')

  const snoozed = await nextTask(person)
  assert.equal((await react(person, snoozed, 'snooze')).status, 422)
  assert.equal((await react(person, snoozed, 'snooze', { snoozeUntil: '2001-01-01T00:00:00Z' })).status, 422)
  const until = new Date(instance.clock.now().getTime() + 3_600_000).toISOString()
  assert.equal((await react(person, snoozed, 'snooze', { snoozeUntil: until })).status, 200)
  assert.equal((await react(person, await tipOf(person), 'done', { snoozeUntil: until })).status, 422)

  const left = new Set([snoozed.text])
  for (let i = 0; i < 10; i++) {
    const { body } = await person.send('POST', '/api/recommend')
    // After so much refusal nothing may be worth it.
    if (!body.tip) break
    const tip = body.tip as TestTip
    assert.ok(!left.has(tip.text), 'a resting item does not come back')
    left.add(tip.text)
    await react(person, tip, 'never')
  }
  assert.ok(!(await isCandidate(person, snoozed)))
  instance.clock.advance(3_600_001)
  assert.ok(await isCandidate(person, snoozed), 'after its time a snoozed item is back')
})

/** Whether the item of this tip is among those that the person's next decision chooses from. */
async function isCandidate(person: Person, tip: TestTip): Promise<boolean> {
  const { body } = await person.send('POST', '/api/recommend')
  const { rows } = await instance.query(
    `SELECT t.source || ':' || t.external_id = ANY (d.candidates) AS chosen_from
       FROM recommender.decisions d, recommender.tips t WHERE d.id = $1 AND t.id = $2`,
    [body.decisionId, tip.id],
  )
  if (body.tip) await react(person, body.tip as TestTip, 'already_done')
  return rows[0]?.chosen_from === true
}

test('foreign, stale and invented ids are not there', async () => {
  const [mine, theirs] = [await connected('mine@example.test'), await connected('theirs@example.test')]
  const tip = await tipOf(mine)
  const reaction = await react(mine, tip, 'helpful')
  assert.equal((await react(theirs, tip, 'done')).status, 404)
  assert.equal((await theirs.send('POST', `/api/tips/${tip.id}/shown`, {})).status, 404)
  assert.equal((await theirs.send('DELETE', `/api/feedback/${reaction.body.id}`)).status, 404)
  assert.equal(
    (await react(mine, { ...tip, id: '0199aaaa-0000-7000-8000-00000000dead' }, 'done')).status,
    404,
  )
  instance.clock.advance(25 * 3_600_000)
  const late = await mine.send('DELETE', `/api/feedback/${reaction.body.id}`)
  assert.equal(late.status, 409)
  assert.equal(late.body.code, 'too_late_to_undo')
})

test('fifty taps at once are one reaction, and two devices at once see one tip', async () => {
  const person = await connected('taps@example.test')
  const seen = await Promise.all(Array.from({ length: 10 }, () => tipOf(person)))
  assert.equal(new Set(seen.map(tip => tip.id)).size, 1)
  const [tip] = seen
  assert.ok(tip)
  const answers = await Promise.all(Array.from({ length: 50 }, () => react(person, tip, 'done')))
  assert.deepEqual([...new Set(answers.map(answer => answer.status))], [200])
  assert.equal(new Set(answers.map(answer => answer.body.id)).size, 1)
})

test('a pause serves nothing and says so; the end of it brings a tip', async () => {
  const person = await connected('pause@example.test')
  await tipOf(person)
  assert.equal((await person.send('POST', '/api/profile/pause', {})).status, 200)
  const paused = await person.send('POST', '/api/recommend')
  assert.equal((paused.body.silence as { reason: string }).reason, 'paused')
  assert.equal((await person.send('DELETE', '/api/profile/pause')).status, 200)
  await tipOf(person)
})

test('a task finished elsewhere is never shown again', async () => {
  const email = 'elsewhere@example.test'
  const person = await connected(email)
  const tip = await nextTask(person)
  const { tasks } = (await instance.control('GET', `todoist/${email}/tasks`)) as {
    tasks: { id: string; content: string }[]
  }
  const task = tasks.find(candidate => candidate.content === tip.text)
  await instance.control('POST', `todoist/${email}/tasks/${task?.id}/complete`)
  instance.clock.advance(31_000)
  const deadline = AbortSignal.timeout(5_000)
  while ((await tipOf(person)).text === tip.text) deadline.throwIfAborted()
})

test('without ml the tip still comes, marked fallback, with the true probability', async () => {
  const person = await connected('fallback@example.test')
  await instance.ml.stop()
  const tip = await tipOf(person)
  assert.equal(tip.policy, 'fallback')
  const { body } = await instance.recommender.app.inject({ url: '/metrics' })
  assert.match(body, /ml_unanswered\w*\{[^}]*reason="away"/, 'and it is counted')
})
