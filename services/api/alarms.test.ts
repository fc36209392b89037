import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Health } from '@oo/shared-types'
import { startInstance } from './testInstance.ts'

// What operators see of the decision engine's alarms, without asking oO: health and metrics. ml does not run here.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance()
})
after(() => instance.stop())

async function judge(): Promise<{ status: string; message?: string }> {
  // Answers of the last second are kept.
  instance.clock.advance(1_001)
  const { body } = await instance.api.app.inject({ url: '/health/ready' })
  const { parts }: Health = JSON.parse(body)
  return parts.find(({ name }) => name === 'judge') ?? assert.fail('there is no such part')
}

/** How many alarms of each kind stand. */
async function alarms(): Promise<Record<string, number>> {
  const { body } = await instance.api.app.inject({ url: '/metrics' })
  const found = [...body.matchAll(/^oo_policy_alarms\{[^}]*kind="(\w+)"[^}]*\} (\d+)/gm)]
  return Object.fromEntries(found.map(([, kind = '', count]) => [kind, Number(count)]))
}

const none = {
  ...{ features: 0, predictions: 0, rewards: 0, propensities: 0, collapse: 0, one_kind: 0, sample_ratio: 0 },
  judge_silent: 0,
}

test('each alarm has a count by its name, and a judge that does not finish is seen in health', async () => {
  assert.equal((await judge()).status, 'ok')
  assert.deepEqual(await alarms(), none)

  await instance.query(
    `INSERT INTO recommender.policy_alarms (kind, subject, since, seen, about)
     SELECT kind, subject, now(), now(), 'moved' FROM unnest($1::text[], $2::text[]) AS given (kind, subject)`,
    [
      ['features', 'features', 'sample_ratio'],
      ['age', 'effort', 'lints'],
    ],
  )
  instance.clock.advance(3 * 3_600_000 + 1)
  assert.deepEqual(await alarms(), { ...none, features: 2, sample_ratio: 1, judge_silent: 1 })
  const { status, message } = await judge()
  assert.equal(status, 'degraded')
  assert.match(
    message ?? '',
    /^The judge of the decision log has not finished since .* The log of ml says why\.$/,
  )

  const at = instance.clock.now().toISOString()
  const found = { at, days: 30, decisions: 0, policies: {}, alarms: [] }
  await instance.query('INSERT INTO ml.findings (at, figures) VALUES ($1, $2)', [at, found])
  assert.equal((await judge()).status, 'ok')
  assert.equal((await alarms()).judge_silent, 0)
})
