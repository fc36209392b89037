import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Person, startInstance } from './testInstance.ts'

// Why this tip, from the real contributions of its decision, through every part as it runs.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance({ ml: true })
})
after(() => instance.stop())

interface Told {
  how: string
  sentence?: string
  reasons: { sentence: string; share: number }[]
}

async function connected(email: string): Promise<Person> {
  const person = await instance.signIn(email)
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  return person
}

async function tipOf(person: Person): Promise<string> {
  const { body } = await person.send('POST', '/api/recommend')
  assert.ok(body.tip, JSON.stringify(body))
  return (body.tip as { id: string }).id
}

async function whyOf(person: Person, tipId: string): Promise<Told> {
  const { status, body } = await person.get(`/api/tips/${tipId}/why`)
  assert.equal(status, 200, JSON.stringify(body))
  return body as unknown as Told
}

const floats = (bytes: unknown) => [...new Float32Array(Uint8Array.from(bytes as Buffer).buffer)]

async function decisionOf(tipId: string) {
  const { rows } = await instance.query(
    `SELECT d.contributions, d.scores, d.candidates, d.chosen FROM recommender.decisions d
       JOIN recommender.tips t ON t.decision_id = d.id WHERE t.id = $1`,
    [tipId],
  )
  assert.ok(rows[0])
  return rows[0]
}

test('the contributions that are kept add up to the score that was logged', async () => {
  const person = await connected('adds-up@example.test')
  const decided = await decisionOf(await tipOf(person))
  const kept = floats(decided.contributions)
  const own = kept.slice(0, kept.length / 2).reduce((sum, one) => sum + one, 0)
  const scores = floats(decided.scores)
  const at = (decided.candidates as string[]).indexOf(String(decided.chosen))
  assert.ok(Math.abs(own - (scores[at] ?? Number.NaN)) < 1e-6)
  const typical = kept.slice(kept.length / 2).reduce((sum, one) => sum + one, 0)
  assert.ok(Math.abs(typical - scores.reduce((sum, one) => sum + one, 0) / scores.length) < 1e-6)
})

test('a tip tells why in sentences, to its own person, until a day after it ended', async () => {
  const person = await connected('asks-why@example.test')
  const tip = await tipOf(person)
  const told = await whyOf(person, tip)
  if (told.how === 'reasons') {
    assert.ok(told.reasons.length > 0 && told.reasons.length <= 3)
    for (const { sentence, share } of told.reasons) assert.ok(sentence && share > 0 && share <= 1)
  } else assert.match(told.sentence ?? '', /\.$/)

  const other = await instance.signIn('curious@example.test')
  assert.equal((await other.get(`/api/tips/${tip}/why`)).status, 404)
  assert.equal((await person.get('/api/tips/0199aaaa-0000-7000-8000-000000000001/why')).status, 404)

  assert.equal((await person.send('POST', '/api/feedback', { tipId: tip, reaction: 'helpful' })).status, 200)
  const hours = (count: number) =>
    instance.query(`UPDATE recommender.tips SET ended_at = $2 WHERE id = $1`, [
      tip,
      new Date(instance.clock.now().getTime() - count * 3_600_000),
    ])
  await hours(23)
  assert.deepEqual(await whyOf(person, tip), told, 'the same sentences, after it ended')
  await hours(24)
  assert.equal((await person.get(`/api/tips/${tip}/why`)).status, 404)
})

test('a tip that the model had no part in says so', async () => {
  const person = await connected('no-model@example.test')
  await instance.ml.stop()
  const told = await whyOf(person, await tipOf(person))
  await instance.ml.start()
  assert.deepEqual(told, {
    how: 'away',
    sentence: 'The model was away, so oO picked this at random.',
    reasons: [],
  })
  const tip = await tipOf(person)
  await instance.query(
    `UPDATE recommender.decisions d SET policy = 'random' FROM recommender.tips t
      WHERE t.decision_id = d.id AND t.id = $1`,
    [tip],
  )
  assert.equal((await whyOf(person, tip)).how, 'random')
})
