import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Person, startInstance } from './testInstance.ts'

// What a person is told of what oO learned, through every part as it runs.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance({ ml: true, holdback: 0.1 })
})
after(() => instance.stop())

interface Told {
  learned: { state: string; rewards: number; statements: { sentence: string; certainty: number }[] }
  personalised: { moments: number; atRandom: number; difference?: number; low?: number; high?: number }
  silence: { today: Silence[]; week: Silence[] }
}
type Silence = { reason: string; times: number }

async function signedIn(email: string): Promise<{ person: Person; id: string }> {
  const person = await instance.signIn(email)
  const { body } = await person.get('/api/auth/session')
  return { person, id: String(body.personId) }
}

async function insightsOf(person: Person): Promise<Told> {
  const { status, body } = await person.get('/api/insights')
  assert.equal(status, 200, JSON.stringify(body))
  return body as unknown as Told
}

interface Logged {
  at: Date
  trigger?: 'open' | 'push'
  silence?: string
  decidedAs?: 'holdback'
  reward?: number
}

/** A line of the decision log as it is when its day is over. */
async function logged(personId: string, one: Logged): Promise<void> {
  const { at, trigger = 'open', silence, decidedAs, reward } = one
  await instance.query(
    `WITH decided AS (
       INSERT INTO recommender.decisions (id, person_id, at, trigger, policy, policy_version, chosen, silence, candidates,
              ineligible, probabilities, scores, feature_names, features, shadows, latency_ms, decided_as)
       SELECT gen_random_uuid(), $1, $2, $7, $3, '1', CASE WHEN $4::text IS NULL THEN 'a' END, $4,
              CASE WHEN $4::text IS NULL OR $4 = 'nothing_worth_it' THEN '{a,b}' ELSE '{}' END::text[],
              '[]', '', '', '{}', '', '[]', 1, $5
       RETURNING id)
     INSERT INTO recommender.outcomes (decision_id, outcome, closed, told, reward)
     SELECT id, 'reacted', true, 0, $6::float8 FROM decided WHERE $6::float8 IS NOT NULL`,
    [
      personId,
      at,
      decidedAs ? 'random' : 'hb_ts',
      silence ?? null,
      decidedAs ?? null,
      reward ?? null,
      trigger,
    ],
  )
}

test('someone new is told that nothing is known, and nobody else is told anything', async () => {
  const { person } = await signedIn('new-here@example.test')
  assert.deepEqual(await insightsOf(person), {
    learned: { state: 'known', rewards: 0, statements: [] },
    personalised: { moments: 0, atRandom: 0 },
    past: [],
    silence: { today: [], week: [] },
  })
  assert.equal((await instance.stranger().get('/api/insights')).status, 401)
})

test('moments count when their day is over; without the model there is no figure, and the rest is told', async () => {
  const { person, id } = await signedIn('compares@example.test')
  const ago = (hours: number) => new Date(instance.clock.now().getTime() - hours * 3_600_000)
  for (let moment = 0; moment < 40; moment++)
    await logged(id, {
      at: ago(48 + moment),
      reward: 1,
      ...(moment % 8 === 0 && { decidedAs: 'holdback' as const, reward: 0 }),
    })
  await logged(id, { at: ago(40), silence: 'nothing_worth_it' })
  await logged(id, { at: ago(41), silence: 'nothing_open' })
  await logged(id, { at: ago(2), reward: 1 })
  const { personalised } = await insightsOf(person)
  assert.deepEqual([personalised.moments, personalised.atRandom], [41, 5])
  const { low = Number.NaN, difference = Number.NaN, high = Number.NaN } = personalised
  assert.ok(low < 0 && low <= difference && difference <= high, 'five moments of chance are no evidence')

  await instance.ml.stop()
  const alone = await insightsOf(person)
  await instance.ml.start()
  assert.equal(alone.learned.state, 'away')
  assert.deepEqual(alone.personalised, { moments: 41, atRandom: 5 })
  assert.ok(alone.silence.week.length > 0)
})

test('the silence ledger counts by the day of the person, and a silence that goes on once', async () => {
  const { person, id } = await signedIn('quiet@example.test')
  const patched = await person.send('PATCH', '/api/profile', { timeZone: 'Pacific/Kiritimati' })
  assert.equal(patched.status, 200)
  const now = instance.clock.now().getTime()
  // Kiritimati is 14 hours ahead of UTC, all year.
  const midnight = Math.floor((now + 14 * 3_600_000) / 86_400_000) * 86_400_000 - 14 * 3_600_000
  const minutes = (from: number, count: number) => new Date(from + count * 60_000)
  await logged(id, { at: minutes(midnight, -30), silence: 'all_resting' })
  await logged(id, { at: minutes(midnight, -7 * 1440), silence: 'paused' })
  const today = minutes(midnight, 0).getTime() < now - 60_000
  if (today) {
    await logged(id, { at: new Date(midnight), silence: 'nothing_open' })
    await logged(id, { at: new Date(midnight + 1_000), silence: 'nothing_open' })
    await logged(id, { at: new Date(midnight + 2_000), silence: 'nothing_worth_it' })
    await logged(id, { at: new Date(midnight + 3_000), trigger: 'push', silence: 'gap' })
  }
  const { silence } = await insightsOf(person)
  const times = (told: Silence[]) => Object.fromEntries(told.map(one => [one.reason, one.times]))
  const ofToday = today ? { nothing_open: 1, nothing_worth_it: 1 } : {}
  assert.deepEqual(times(silence.today), ofToday)
  assert.deepEqual(times(silence.week), { ...ofToday, all_resting: 1 })
})

test('what differs from what is assumed of anyone is told in a sentence, and only where agreed', async () => {
  const { person, id } = await signedIn('learns-well@example.test')
  const names = (await instance.ml.ask('/score', {
    decisionId: 'names',
    personId: id,
    now: instance.clock.now().toISOString(),
    timeZone: 'UTC',
    trigger: 'open',
    candidates: [{ id: 'a', kind: 'advice', source: 'library', attributes: { theme: 'break' } }],
  })) as { features: { ids: string[]; names: string[]; values: number[][] } }
  const row = (column: string) => names.features.names.map(name => (name === column ? 1 : 0))
  const reward = (column: string, at: number) => ({
    eventId: `${column}-${at}`,
    decisionId: `${column}-${at}`,
    personId: id,
    reward: -1,
    part: 'all',
    features: { ...names.features, values: [row(column)] },
    chosen: 'a',
    probabilities: [1],
    at: instance.clock.now().toISOString(),
  })
  for (const column of ['theme_break', 'sleep_effort'])
    await instance.ml.ask('/reward', { events: Array.from({ length: 30 }, (_, at) => reward(column, at)) })
  const { learned } = await insightsOf(person)
  assert.equal(learned.rewards, 60)
  const sentences = learned.statements.map(({ sentence }) => sentence)
  assert.ok(sentences.includes('a break does less for you than oO assumed'), sentences.join('; '))
  assert.ok(!sentences.some(sentence => sentence.includes('night')), 'nobody agreed to sleep')
  for (const { certainty } of learned.statements) assert.ok(certainty >= 0.9 && certainty <= 1)
})
