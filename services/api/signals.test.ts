import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { purposes } from '@oo/profile'
import type { Purpose } from '@oo/shared-types'
import { type Person, startInstance } from './testInstance.ts'

// From what a person tells of the moment to what the scorer saw of it, through every part as it runs.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance({ ml: true, settings: { lookEveryMs: 86_400_000 } })
})
after(() => instance.stop())

const hourMs = 3_600_000

async function signedIn(email: string, ...agreedTo: Purpose[]): Promise<Person & { id: string }> {
  const person = await instance.signIn(email)
  for (const purpose of agreedTo) await answer(person, purpose, true)
  const { body } = await person.get('/api/auth/session')
  return { ...person, id: String(body.personId) }
}

async function answer(person: Person, purpose: Purpose, granted: boolean): Promise<void> {
  const body = { purpose, version: purposes[purpose].version, granted }
  assert.equal((await person.send('PUT', '/api/profile/consents', body)).status, 200)
}

const note = (person: Person, mood: number) => person.send('POST', '/api/signals/mood', { mood })

const signals = async (person: Person) =>
  (await person.get('/api/profile/data')).body.contexts as { type: string; value: number; trust: number }[]

/** The most that the next decision's candidates have in a column, and the least. */
async function seen(person: Person, column: string): Promise<[least: number, most: number]> {
  // By then the last tip is over.
  const { body } = await person.send('POST', '/api/recommend')
  const { rows } = await instance.query(
    'SELECT feature_names, features, policy FROM recommender.decisions WHERE id = $1',
    [body.decisionId],
  )
  const names = rows[0]?.feature_names as string[]
  const values = [...new Float32Array(Uint8Array.from(rows[0]?.features as Buffer).buffer)]
  const at = names.indexOf(column)
  assert.ok(at >= 0, `ml did not decide: ${rows[0]?.policy}`)
  const own = values.filter((_, index) => index % names.length === at)
  return [Math.min(...own), Math.max(...own)]
}

/** As a source of the person's own tells it. */
const toldBySource = (person: { id: string }, type: string, value: number) =>
  instance.query(
    'INSERT INTO integrations.signals (person_id, type, source, value, measured_at, heard_at) VALUES ($1, $2, $3, $4, $5, $5)',
    [person.id, type, 'ingress:test', value, instance.clock.now()],
  )

test('without a yes a note is refused, with the place to agree, and nothing of it is kept', async () => {
  const ada = await signedIn('ada@example.test')
  const refused = await note(ada, -2)
  assert.equal(refused.status, 403)
  assert.equal(refused.body.code, 'consent_missing')
  assert.match(String(refused.body.title), /agree to “Know how you feel” under You/)
  const context = await ada.send('POST', '/api/signals/context', { visible: true, idleSeconds: 3 })
  assert.equal(context.status, 403)
  assert.match(String(context.body.title), /“Know whether you are there”/)
  assert.deepEqual(await signals(ada), [])
  const { rows } = await instance.query('SELECT 1 FROM integrations.signals WHERE person_id = $1', [ada.id])
  assert.deepEqual(rows, [])
})

test('garbage is refused by the contract', async () => {
  const ada = await signedIn('garbage@example.test', 'mood', 'presence')
  for (const mood of [3, -3, 0.5, '1', null])
    assert.equal((await ada.send('POST', '/api/signals/mood', { mood })).status, 400, String(mood))
  for (const wrong of [
    { placeId: 'home' },
    { idleSeconds: -1 },
    { visible: 'yes' },
    { measuredAt: '2026' },
  ]) {
    const body = { visible: true, idleSeconds: 0, ...wrong }
    assert.equal((await ada.send('POST', '/api/signals/context', body)).status, 400, JSON.stringify(wrong))
  }
  assert.deepEqual(await signals(ada), [])
})

test('a low mood is in the next decision, half of it when it is old, none of it once taken back or withdrawn', async () => {
  const ada = await signedIn('mood@example.test', 'mood')
  assert.deepEqual(await seen(ada, 'mood_gentle'), [0, 0])
  instance.clock.advance(5 * hourMs)
  assert.equal((await note(ada, -2)).status, 204)
  assert.deepEqual(await seen(ada, 'mood_gentle'), [0, 1])
  instance.clock.advance(8 * hourMs)
  assert.deepEqual(
    (await signals(ada)).map(({ value, trust }) => [value, trust]),
    [[-1, 0.5]],
  )
  assert.deepEqual(await seen(ada, 'mood_gentle'), [0, 0.5])
  instance.clock.advance(5 * hourMs)
  assert.deepEqual(await seen(ada, 'mood_gentle'), [0, 0], 'it is stale')

  await note(ada, -1)
  assert.equal((await ada.send('DELETE', '/api/signals/mood')).status, 204)
  assert.deepEqual(await signals(ada), [])
  instance.clock.advance(5 * hourMs)
  await note(ada, -1)
  assert.deepEqual(await seen(ada, 'mood_gentle'), [0, 0.5])
  await answer(ada, 'mood', false)
  instance.clock.advance(5 * hourMs)
  assert.deepEqual(await signals(ada), [])
  assert.deepEqual(await seen(ada, 'mood_gentle'), [0, 0])
})

test('a bad night is in the next decision, and only of who agreed', async () => {
  const ada = await signedIn('slept@example.test', 'sleep')
  const eve = await signedIn('private@example.test')
  for (const person of [ada, eve]) await toldBySource(person, 'sleep', 0)
  assert.ok((await seen(ada, 'sleep_effort'))[1] > 0)
  assert.deepEqual(await seen(eve, 'sleep_effort'), [0, 0])
})

test('nobody is interrupted while they are busy', async () => {
  const ada = await signedIn('busy@example.test', 'push', 'calendar')
  const eve = await signedIn('busy-too@example.test', 'push')
  for (const person of [ada, eve]) await toldBySource(person, 'busy', 1)
  const push = ({ id }: { id: string }) =>
    instance.api.doors.recommender.decidePush({ personId: id, sendsLeft: 3, opportunitiesLeft: 3 })
  const made = await push(ada)
  assert.equal(made.tip === null && made.silence, 'busy')
  const { rows } = await instance.query(
    'SELECT ineligible, policy FROM recommender.decisions WHERE id = $1',
    [made.decisionId],
  )
  assert.deepEqual(rows[0], { ineligible: [{ id: 'push', reason: 'busy' }], policy: 'none' })
  const other = await push(eve)
  assert.ok(other.tip || other.silence !== 'busy', 'who did not agree has no calendar')
  instance.clock.advance(hourMs)
  const later = await push(ada)
  assert.ok(later.tip || later.silence !== 'busy', 'what is an hour old says nothing')
})

test('one after the other too often is asked to wait', async () => {
  const ada = await signedIn('often@example.test', 'mood')
  const answers: number[] = []
  for (let times = 0; times < 61; times++) answers.push((await note(ada, times % 3)).status)
  assert.deepEqual([answers.filter(status => status === 204).length, answers.at(-1)], [60, 429])
})

/** What /metrics tells of a type, by the kind of its source. */
async function fresh(type: string, kind: string): Promise<Record<string, number>> {
  const text = (await instance.stranger().get('/metrics')).raw.toString()
  const found = text.matchAll(/^oo_signal_(\w+)\{([^}]*)\} (\S+)/gm)
  const own = [...found].filter(
    ([, , labels = '']) => labels.includes(`type="${type}"`) && labels.includes(`source_kind="${kind}"`),
  )
  return Object.fromEntries(own.map(([, name = '', , value]) => [name, Number(value)]))
}

test('how fresh what is known is, is on /metrics, by type and kind of source and of nobody by name', async () => {
  await instance.query('DELETE FROM integrations.signals')
  const [ada, eve, bob] = await Promise.all(
    ['fresh1', 'fresh2', 'fresh3'].map(name => signedIn(`${name}@example.test`, 'mood')),
  )
  assert.ok(ada && eve && bob)
  await note(ada, 1)
  instance.clock.advance(3 * hourMs)
  await note(eve, 1)
  await toldBySource(bob, 'mood', 0)
  instance.clock.advance(2 * hourMs)
  const target = 4 * 3_600
  assert.deepEqual(await fresh('mood', 'page'), {
    people: 2,
    within_target: 0.5,
    age_median_seconds: 3.5 * 3_600,
    age_oldest_seconds: 5 * 3_600,
    age_target_seconds: target,
  })
  const one = { people: 1, age_median_seconds: 7_200, age_oldest_seconds: 7_200, age_target_seconds: target }
  assert.deepEqual(await fresh('mood', 'ingress'), { ...one, within_target: 1 })
  instance.clock.advance(2 * hourMs)
  assert.equal((await fresh('mood', 'ingress')).within_target, 1, 'as old as its target is within it')
  instance.clock.advance(20_000)
  assert.equal((await fresh('mood', 'ingress')).within_target, 0)
  const text = (await instance.stranger().get('/metrics')).raw.toString()
  for (const { id } of [ada, eve, bob]) assert.ok(!text.includes(id))
})

test('so is how long ago connected apps were read, and a look that failed reads nothing', async () => {
  assert.deepEqual(await fresh('tasks', 'app'), {})
  const ada = await signedIn('reads@example.test')
  assert.match(await ada.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const looks = async () => {
    const { rows } = await instance.query('SELECT looks + look_failures AS n FROM integrations.grants')
    return Number(rows[0]?.n)
  }
  const until = async (holds: (n: number) => boolean) => {
    const deadline = Date.now() + 10_000
    while (!holds(await looks())) assert.ok(Date.now() < deadline, 'nobody looked')
  }
  /** Its turn is now, and somebody took it. */
  const look = async () => {
    const before = await looks()
    await instance.query('UPDATE integrations.grants SET look_at = NULL')
    await until(n => n !== before)
  }
  await until(n => n > 0)
  instance.clock.advance(16 * 60_000)
  assert.equal((await fresh('tasks', 'app')).within_target, 0)
  await look()
  instance.clock.advance(15 * 60_000)
  const { within_target, age_oldest_seconds, age_target_seconds } = await fresh('tasks', 'app')
  assert.deepEqual([within_target, age_oldest_seconds, age_target_seconds], [1, 900, 900])
  await instance.control('POST', 'faults', { target: 'todoist', mode: 'down' })
  await look()
  await instance.control('POST', 'faults', { target: 'todoist', mode: 'none' })
  instance.clock.advance(60_000)
  const stale = await fresh('tasks', 'app')
  assert.deepEqual([stale.within_target, stale.age_oldest_seconds], [0, 960])
})

test('one read has who somebody is, what they prefer, what is known of their moment and what they agreed to', async () => {
  const ada = await signedIn('whole@example.test', 'mood')
  await note(ada, -2)
  const { body } = await ada.get('/api/profile/data')
  assert.deepEqual(body.profile, (await ada.get('/api/profile')).body)
  assert.deepEqual(body.consents, (await ada.get('/api/profile/consents')).body)
  const at = instance.clock.now().toISOString()
  assert.deepEqual(body.contexts, [
    { type: 'mood', source: 'page', value: -1, trust: 1, measuredAt: at, heardAt: at },
  ])
})
