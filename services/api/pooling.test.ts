import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { purposes } from '@oo/profile'
import { type Person, startInstance } from './testInstance.ts'

// What people start from, through every part as it runs: made of those who agreed, and made again without who left.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance({ ml: true })
})
after(() => instance.stop())

const rowsOf = async (text: string, values: unknown[] = []) => (await instance.query(text, values)).rows

interface Someone {
  person: Person
  id: string
}

async function signedIn(email: string): Promise<Someone> {
  const person = await instance.signIn(email)
  const { body } = await person.get('/api/auth/session')
  return { person, id: String(body.personId) }
}

async function answer({ person }: Someone, granted: boolean): Promise<void> {
  const body = { purpose: 'pooling', version: purposes.pooling.version, granted }
  assert.equal((await person.send('PUT', '/api/profile/consents', body)).status, 200)
}

/** Twelve rewards, by the same way as the api tells them. */
async function teach({ id }: Someone, at: number): Promise<void> {
  const names = ['intercept', 'overdue', 'priority', 'times_shown']
  const events = Array.from({ length: 12 }, (_, n) => ({
    eventId: `${id}:${n}`,
    decisionId: `${id}:${n}`,
    personId: id,
    reward: n % 3 === 0 ? -0.5 : 1,
    part: 'all',
    features: { ids: ['a'], names, values: [[1, n % 2, (n % 4) / 4, ((n + at) % 5) / 5]] },
    chosen: 'a',
    probabilities: [0.5],
  }))
  await instance.ml.ask('/reward', { events, fromTheStart: true, toTheEnd: true })
}

const agreed = async (): Promise<string[]> =>
  (await rowsOf('SELECT person_id AS id FROM ml.pooling')).map(({ id }) => String(id)).toSorted()

/** Between two looks: ml works on the same cores. */
const restMs = 100

/** The versions that are stored, once they are as many people's as that. */
async function fittedFrom(people: number | null): Promise<string[]> {
  const until = Date.now() + 60_000
  for (;;) {
    const rows = await rowsOf('SELECT version, people, outcome FROM ml.priors ORDER BY seq')
    const last = rows.at(-1)
    if (people === null ? last?.outcome === 'shipped' : last?.people === people && last?.version)
      return rows.flatMap(({ version }) => (version ? [String(version)] : []))
    assert.ok(Date.now() < until, JSON.stringify(rows))
    await delay(restMs)
  }
}

/** Of a new decision; the one before is over. */
async function versionFor({ person }: Someone): Promise<string> {
  const { body } = await person.send('POST', '/api/recommend')
  const tipId = Reflect.get(Object(body.tip), 'id')
  assert.equal((await person.send('POST', '/api/feedback', { tipId, reaction: 'helpful' })).status, 200)
  const [row] = await rowsOf('SELECT policy_version AS version FROM recommender.decisions WHERE id = $1', [
    Reflect.get(Object(body.tip), 'decisionId'),
  ])
  return String(row?.version)
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const ends = Date.now() + 60_000
  while (!(await holds())) {
    assert.ok(Date.now() < ends, what)
    await delay(restMs)
  }
}

test('people start from what is true of those who agreed, and never of who left', async () => {
  const people: Someone[] = []
  for (let at = 0; at < 7; at++) people.push(await signedIn(`pools${at}@example.test`))
  const [stranger, leaver, erased, ...others] = people
  assert.ok(stranger && leaver && erased)
  for (const [at, one] of people.entries()) await teach(one, at)
  const shipped = await versionFor(stranger)

  await instance.ml.stop()
  for (const one of [leaver, erased, ...others]) await answer(one, true)
  const all = [leaver, erased, ...others].map(({ id }) => id).toSorted()
  await until(async () => (await agreed()).length === 6, 'ml was down, and its database was not told')
  assert.deepEqual(await agreed(), all)
  const exported = await rowsOf('SELECT ml.export_person($1) AS row', [leaver.id])
  assert.ok(exported.some(({ row }) => Reflect.get(Object(row), 'table') === 'ml.pooling'))
  await instance.ml.start()

  const [first] = await fittedFrom(6)
  await until(async () => (await versionFor(stranger)) === `1+${first}`, 'a decision of the fitted prior')

  await answer(leaver, false)
  const second = await fittedFrom(5)
  assert.ok(second.length === 1 && second[0] !== first, 'what the leaver was in is gone')
  await until(async () => (await versionFor(stranger)) === `1+${second[0]}`, 'a decision without the leaver')

  assert.equal((await erased.person.send('DELETE', '/api/profile', { confirm: 'delete' })).status, 202)
  assert.deepEqual(await fittedFrom(null), [], 'of four people nothing is fitted, and nothing is kept')
  await until(async () => (await versionFor(stranger)) === shipped, 'the shipped one again')
  const named = await rowsOf(
    'SELECT DISTINCT policy_version AS version FROM recommender.decisions WHERE person_id = $1',
    [stranger.id],
  )
  assert.deepEqual(
    named.map(({ version }) => version).toSorted(),
    [shipped, `1+${first}`, `1+${second[0]}`].toSorted(),
    'decisions keep the names of what they were made with',
  )
})

test('when the text changes, who agreed to the old one is not among them any more', async () => {
  const one = await signedIn('reads-again@example.test')
  await answer(one, true)
  await until(async () => (await agreed()).includes(one.id), 'agreed')
  await rowsOf("UPDATE ml.pooling SET version = '2020-01-01'")
  await instance.another()
  assert.deepEqual(await agreed(), [])
})

// ml starts before the api can tell it, and its first fit would be of people who agreed to less.
test('a text that changed is asked for by a migration already, which runs before ml fits anything', () => {
  const folder = join(import.meta.dirname, '../../ml/migrations')
  const asked = readdirSync(folder)
    .filter(name => name.endsWith('.sql'))
    .toSorted()
    .flatMap(name => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/^SELECT ml\.ask_pooling\('(.+)'\);$/gm),
    ])
    .map(([, version]) => version)
  assert.equal(asked.at(-1), purposes.pooling.version, 'add a migration to ml that asks for this version')
})
