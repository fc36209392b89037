import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { createEvents } from '@oo/events'
import { closePool, frozenClock, newId, openPool, Problem, silentLog, systemRandom } from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import pg from 'pg'
import { openMemories } from '../memories.ts'
import { armOf } from './assignment.ts'
import type { Canary } from './figures.ts'
import { listPolicies } from './list.ts'
import { promote } from './promote.ts'
import { rollBack } from './rollBack.ts'
import { watchPolicies } from './watch.ts'
import { whoDecides } from './whoDecides.ts'

const database = await createTestDatabase()
const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test' })
const clock = frozenClock('2026-06-20T12:00:00Z')
const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
const base = { db, clock, random: systemRandom, log: silentLog, jobs }
const events = createEvents(base)
const ctx = { ...base, ...openMemories(base), events: events.door, began: new Date('2026-06-01T00:00:00Z') }
const dayMs = 86_400_000
const override = 'the household is too small for a ladder'
const ada = newId(base)

after(async () => {
  await closePool(db)
  await database.drop()
})

async function query(text: string, values: unknown[] = [], url = database.superUrl) {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows
  } finally {
    await client.end()
  }
}

beforeEach(async () => {
  clock.advance(dayMs)
  await query(
    'TRUNCATE recommender.policies, recommender.policy_steps, recommender.policy_alarms, ml.findings',
  )
  ctx.deciding.forget('ladder')
})

const watching = { version: '3', incumbent: 'hb_ts', replay: null, watched: null, canary: null }
const replay = { value: 0.02, low: 0.001, high: 0.05, ess: 700, rows: 900, people: 40 }
const watched = { days: 8, decisions: 9_000, missing: 0, p99Ms: 2, agreement: 0.6 }

/** What the judge would have written now. */
async function judged(policies: Record<string, object>, alarms: object[] = []): Promise<void> {
  const found = { at: clock.now().toISOString(), days: 30, decisions: 900, policies, alarms }
  await query('INSERT INTO ml.findings (at, figures) VALUES ($1, $2)', [clock.now(), found])
}

const experimentOf = async (name: string): Promise<string> =>
  String((await query('SELECT experiment FROM recommender.policies WHERE name = $1', [name]))[0]?.experiment)

const canary = (more: Partial<Canary>) => ({
  ...{ days: 8, treated: 40, others: 160, low: 0.01, high: 0.2, sampleRatioP: 0.5, guardrails: [] },
  ...more,
})

async function climb(policy: string, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await promote(ctx, { policy, by: 'operator', override })
}

const sentence = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (why: unknown) => why,
  )
  assert.ok(error instanceof Problem, String(error))
  return error.title
}

test('a policy climbs by its figures alone, rung by rung, and each step keeps them', async () => {
  const places = { 'people/low/lints': 0.41, 'people/low/hb_ts': 0.41 }
  const personas = { 'people/low/lints': { owl: 0.4 }, 'people/low/hb_ts': { owl: 0.4 } }
  const seeds = Array.from({ length: 20 }, (_, at) => 100 + at)
  const labReport = { tracks: { B: { figures: { means: places, by_persona: personas, seeds } } } }
  const up = (more = {}) => promote(ctx, { policy: 'lints', by: 'operator', ...more })
  await judged({ lints: { ...watching, replay, watched } })
  assert.match(await sentence(up()), /cannot become simulated yet\. The lab has no report/)
  assert.equal((await up({ labReport })).to, 'simulated')
  assert.equal((await up()).to, 'replayed')
  assert.equal((await up()).to, 'shadowing')
  assert.equal((await up()).to, 'canary_5')
  assert.match(await sentence(up()), /Nobody has been in this step/)
  const experiment = await experimentOf('lints')
  clock.advance(8 * dayMs)
  await judged({ lints: { ...watching, canary: canary({ experiment, state: 'canary_5' }) } })
  assert.equal((await up()).to, 'canary_20')
  clock.advance(8 * dayMs)
  await judged({ lints: { ...watching, canary: canary({ experiment, state: 'canary_20' }) } })
  assert.equal((await up()).to, 'launched')
  assert.match(await sentence(up()), /is launched already/)
  const steps = await query('SELECT * FROM recommender.policy_steps ORDER BY at, id')
  assert.equal(steps.length, 6)
  assert.ok(
    steps.every(({ version, by, override: why }) => version === '3' && by === 'operator' && why === null),
  )
  assert.equal(Object(steps[1]?.figures).replay.ess, 700)
  assert.match(String(steps[5]?.reasons), /People with it: \[0\.0100, 0\.2000\]/)
  await events.drain()
  const told = events.door.recent().map(({ payload }) => payload)
  assert.equal(told.filter(payload => payload.case === 'policyMoved').length, 6)
  const promoted = told.find(payload => payload.case === 'policyPromoted')
  assert.equal(promoted?.case === 'policyPromoted' && promoted.value.policy, 'lints')
})

test('a gate opens for a reason only, which is kept; harm opens for none', async () => {
  await judged({ lints: watching })
  assert.match(
    await sentence(promote(ctx, { policy: 'lints', by: 'operator', override: ' too  ' })),
    /in 10 to 500 characters/,
  )
  await climb('lints', 4)
  const [last] = (await listPolicies(ctx)).policies
  assert.deepEqual([last?.state, last?.lastStep?.override], ['canary_5', override])
  const worse = canary({ experiment: await experimentOf('lints'), state: 'canary_5', high: -0.01 })
  clock.advance(1_000)
  await judged({ lints: { ...watching, canary: worse } })
  assert.match(await sentence(promote(ctx, { policy: 'lints', by: 'operator', override })), /does harm/)
})

test('a policy that ml does not watch with is not known, whatever it is called', async () => {
  for (const policy of ['lints', "x'; DROP TABLE recommender.policies; --", '']) {
    assert.match(
      await sentence(promote(ctx, { policy, by: 'admin', override })),
      /has not watched with a policy/,
    )
    assert.match(await sentence(rollBack(ctx, { policy, by: 'admin' })), /has not watched with a policy/)
  }
})

test('who took no step has none back: a shadow, and the incumbent, are told apart from who is not known', async () => {
  await judged({ linucb: watching })
  const by = 'operator'
  assert.match(await sentence(rollBack(ctx, { policy: 'linucb', by })), /^linucb only watches/)
  assert.match(await sentence(rollBack(ctx, { policy: 'hb_ts', by })), /^hb_ts decides by OO_ML_POLICY/)
  assert.match(
    await sentence(promote(ctx, { policy: 'hb_ts', by, override })),
    /^hb_ts decides by OO_ML_POLICY/,
  )
  assert.deepEqual(await query('SELECT 1 FROM recommender.policies'), [])
})

test('while one is on trial it decides for its share of people, and everybody’s side is known', async () => {
  await judged({ lints: watching })
  assert.deepEqual(await whoDecides(ctx, ada), { policy: null, trial: null })
  await climb('lints', 5)
  const experiment = await experimentOf('lints')
  const people = Array.from({ length: 200 }, () => newId(base))
  for (const person of people) {
    const { policy, trial } = await whoDecides(ctx, person)
    const arm = armOf(experiment, person, 0.2)
    assert.deepEqual([policy, trial], [arm === 'new' ? 'lints' : null, { experiment, arm }])
  }
  await climb('lints', 1)
  assert.deepEqual(await whoDecides(ctx, ada), { policy: 'lints', trial: null })
  await rollBack(ctx, { policy: 'lints', by: 'operator' })
  assert.deepEqual(await whoDecides(ctx, ada), { policy: null, trial: null })
  await climb('lints', 1)
  assert.notEqual(await experimentOf('lints'), experiment, 'another climb has people of its own')
})

test('one trial at a time; who is launched replaces the last, and a rollback brings that one back', async () => {
  await judged({ lints: watching, igw: watching })
  await climb('lints', 4)
  await climb('igw', 3)
  assert.match(await sentence(promote(ctx, { policy: 'igw', by: 'operator', override })), /lints is on trial/)
  await climb('lints', 2)
  await climb('igw', 3)
  const stateOf = async () =>
    Object.fromEntries((await listPolicies(ctx)).policies.map(one => [one.name, one.state]))
  assert.deepEqual(await stateOf(), { igw: 'launched', lints: 'shadow' })
  await rollBack(ctx, { policy: 'igw', by: 'operator', reason: 'people complained' })
  assert.deepEqual(await stateOf(), { igw: 'rolled_back', lints: 'launched' })
  assert.match(await sentence(rollBack(ctx, { policy: 'igw', by: 'operator' })), /rolled back already/)
})

test('harm is answered without anybody asking, and by the figures of this trial only', async () => {
  await judged({ lints: watching })
  await climb('lints', 4)
  const experiment = await experimentOf('lints')
  const broken = [{ name: 'dismissals', low: 0.03, high: 0.2, band: 0.02 }]
  for (const [trial, state] of [
    [newId(base), 'canary_5'],
    [experiment, 'canary_5'],
  ] as const) {
    const before = (await listPolicies(ctx)).policies[0]?.state
    clock.advance(1_000)
    const told = canary({ experiment: trial, state: 'canary_5', guardrails: broken })
    await judged({ lints: { ...watching, canary: told } })
    await watchPolicies(ctx)
    assert.equal(before, state)
  }
  const [lints] = (await listPolicies(ctx)).policies
  assert.deepEqual([lints?.state, lints?.lastStep?.by], ['rolled_back', 'oO'])
  assert.match(lints?.lastStep?.reasons.join() ?? '', /dismissals left its band/)
})

test('an alarm is told once while it stands, and again when it comes back', async () => {
  const alarm = { kind: 'features', subject: 'age', text: 'age moved: PSI 0.41 beyond chance.' }
  const count = async () => {
    await watchPolicies(ctx)
    await watchPolicies(ctx)
    await events.drain()
    return events.door.recent().filter(({ payload }) => payload.case === 'policyAlarm').length
  }
  for (const [alarms, told] of [
    [[alarm], 1],
    [[alarm, alarm], 1],
    [[], 1],
    [[alarm], 2],
  ] as const) {
    clock.advance(1_000)
    await judged({}, [...alarms])
    assert.equal(await count(), told)
    assert.equal((await listPolicies(ctx)).alarms.length, alarms.length > 0 ? 1 : 0)
  }
})

test('a judge that does not finish is an alarm after three hours, once, until it finishes again', async () => {
  const hourMs = 3_600_000
  const own = { ...ctx, began: clock.now() }
  const told = () =>
    events.door
      .recent()
      .filter(({ payload }) => payload.case === 'policyAlarm' && payload.value.kind === 'judge_silent').length
  const before = told()
  const look = async (withinMs: number): Promise<[standing: number, told: number]> => {
    clock.advance(withinMs)
    for (let round = 0; round < 2; round++) await watchPolicies(own)
    await events.drain()
    const { alarms } = await listPolicies(ctx)
    return [alarms.filter(({ kind }) => kind === 'judge_silent').length, told() - before]
  }
  assert.deepEqual(await look(3 * hourMs), [0, 0], 'nothing to wait for before this process was there')
  assert.deepEqual(await look(1), [1, 1], 'it never finished')
  await judged({}, [{ kind: 'features', subject: 'age', text: 'age moved.' }])
  assert.deepEqual(await look(3 * hourMs), [0, 1])
  assert.deepEqual(await look(1), [1, 2])
  assert.equal((await listPolicies(ctx)).alarms.length, 2, 'what it said before it fell silent stands beside')
  own.began = clock.now()
  assert.deepEqual(await look(hourMs), [1, 2], 'a restart does not make it finish')
  await judged({})
  assert.deepEqual(await look(0), [0, 2])
})

test('a step once taken cannot be changed or taken out, and two launched at once cannot be', async () => {
  await judged({ lints: watching })
  await climb('lints', 6)
  const asApi = (text: string) => query(text, [], database.url('oo_api'))
  for (const text of ['UPDATE recommender.policy_steps SET by = by', 'DELETE FROM recommender.policy_steps'])
    await assert.rejects(asApi(text), /permission denied/)
  await assert.rejects(
    asApi(`INSERT INTO recommender.policies VALUES ('igw', 'launched', now(), gen_random_uuid(), NULL)`),
    /policies_one_launched/,
  )
})
