import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openOperator, query } from './testOperator.ts'

let operator: Awaited<ReturnType<typeof openOperator>>
before(async () => {
  operator = await openOperator()
})
after(() => operator.close())

const reason = 'a household is too small for a ladder'
const promote = () => operator.oo(['policy', 'promote', 'random', '--override', reason])

async function judged(): Promise<void> {
  const figures = { version: '1', incumbent: 'hb_ts', replay: null, watched: null, canary: null }
  const at = operator.instance.clock.now().toISOString()
  const found = { at, days: 30, decisions: 1, policies: { random: figures }, alarms: [] }
  await query(
    operator.instance.database,
    `INSERT INTO ml.findings VALUES ('${at}', '${JSON.stringify(found)}') ON CONFLICT DO NOTHING`,
  )
}

test('an operator moves a policy from a shadow to the one that decides, and back, in sentences', async () => {
  const { instance, oo } = operator
  assert.match((await oo(['policy', 'list'])).lines, /no figures yet: ml judges the decision log every hour/)
  assert.match(
    (await promote()).sentence,
    /^ml has not watched with a policy random lately; name it in OO_ML_SHADOWS/,
  )
  await judged()
  const closed = await oo(['policy', 'promote', 'random'])
  assert.equal(closed.code, 1)
  assert.match(closed.sentence, /^random cannot become simulated yet\. .* give a reason\.$/)
  for (let step = 0; step < 5; step++) {
    const said = await promote()
    assert.deepEqual([said.code, said.sentence], [0, ''])
  }
  assert.match(
    (await oo(['policy', 'list'])).lines,
    /random \(version 1\): canary_20 since .*overridden: a household/s,
  )

  const ada = await operator.live('ada@example.test')
  const [tried] = await query(instance.database, 'SELECT experiment, arm, policy FROM recommender.decisions')
  const [row] = await query(instance.database, 'SELECT experiment FROM recommender.policies')
  assert.equal(tried?.experiment, row?.experiment, 'each decision says which trial it was part of')
  assert.match(String(tried?.arm), /^(new|usual)$/)

  assert.match((await promote()).lines, /✓ random: canary_20 → launched, by your reason, which is kept/)
  assert.equal(await decides(ada), 'random', 'a process that runs hears of it')
  assert.match(
    (await oo(['policy', 'rollback', 'random', '--reason', 'people complained'])).lines,
    /✓ random: launched → rolled_back; it decides for nobody any more/,
  )
  assert.notEqual(await decides(ada), 'random')
  assert.match(
    (await oo(['policy', 'list'])).lines,
    /random .*: rolled_back since .*\n.*by operator\n.*people complained/,
  )
})

/** Who decided the tip that comes after this one. */
async function decides({ person }: Awaited<ReturnType<typeof operator.live>>): Promise<string> {
  const { body } = await person.send('POST', '/api/recommend')
  const tip = String(Object(body.tip).id)
  await person.send('POST', '/api/feedback', { tipId: tip, reaction: 'helpful' })
  const next = await person.send('POST', '/api/recommend')
  const id = String(next.body.decisionId)
  const [made] = await query(
    operator.instance.database,
    `SELECT policy FROM recommender.decisions WHERE id = '${id}'`,
  )
  return String(made?.policy)
}
