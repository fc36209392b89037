import assert from 'node:assert/strict'
import { request as ask } from 'node:http'
import { after, before, test } from 'node:test'
import { type Person, startInstance } from './testInstance.ts'
import { nextTask } from './testTips.ts'

// The sandbox's own webhooks, signed and sent to the listening api as Todoist would.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance({ apart: true })
  const address = instance.api.app.server.address()
  assert.ok(address && typeof address === 'object')
  instance.sandbox.sendWebhooksTo(`http://127.0.0.1:${address.port}/api/webhooks/todoist`)
})
after(() => instance.stop())

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = AbortSignal.timeout(10_000)
  while (!(await isSo())) {
    deadline.throwIfAborted()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
const textOf = async (person: Person): Promise<string> => (await nextTask(person)).text

test('a task that is done elsewhere takes its tip away, with nobody looking at the page', async () => {
  const email = 'told@example.test'
  const person = await instance.signIn(email)
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const { tasks } = (await instance.control('GET', `todoist/${email}/tasks`)) as {
    tasks: { id: string; content: string; due: { is_recurring: boolean } | null }[]
  }
  for (const { id, due } of tasks)
    if (due?.is_recurring) await instance.control('POST', `todoist/${email}/tasks/${id}/delete`)
  const text = await textOf(person)
  const task = tasks.find(({ content }) => content === text)
  assert.ok(task)
  await until(async () => {
    const { rows } = await instance.query('SELECT looks FROM integrations.grants')
    return rows.every(({ looks }) => Number(looks) > 0)
  })
  instance.clock.advance(2_001)
  await instance.control('POST', `todoist/${email}/tasks/${task.id}/complete`)
  await until(async () => {
    const ended = await instance.query('SELECT end_reason FROM recommender.tips WHERE end_reason IS NOT NULL')
    return ended.rows.some(row => row.end_reason === 'done_elsewhere')
  })
  assert.notEqual(await textOf(person), text)
  const { deliveries } = (await instance.control('GET', 'todoist/webhooks')) as {
    deliveries: { status: string; attempts: number }[]
  }
  assert.deepEqual(
    [...new Set(deliveries.map(({ status, attempts }) => `${status} ${attempts}`))],
    ['delivered 1'],
  )
})

test('the signature is over the bytes as they came, and a forged delivery leaves no row', async () => {
  const before = (await instance.query('SELECT FROM integrations.deliveries')).rowCount
  for (const body of ['{"user_id": "1"}', '{}', '{"a":', 'x']) {
    const answer = await instance.api.app.inject({
      method: 'POST',
      url: '/api/webhooks/todoist',
      headers: { 'content-type': 'application/json', 'x-todoist-hmac-sha256': 'c2lnbmVk' },
      payload: body,
    })
    assert.ok([400, 401].includes(answer.statusCode), answer.body)
    if (body.endsWith('}')) assert.equal(answer.statusCode, 401)
  }
  const large = await instance.api.app.inject({
    method: 'POST',
    url: '/api/webhooks/todoist',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ pad: 'x'.repeat(70_000) }),
  })
  assert.equal(large.statusCode, 413)
  assert.equal((await instance.query('SELECT FROM integrations.deliveries')).rowCount, before)
})

test('a delivery without a body is for its connector to judge, however its emptiness is sent', async () => {
  const address = instance.api.app.server.address()
  assert.ok(address && typeof address === 'object')
  const sent = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const of = {
        host: '127.0.0.1',
        port: address.port,
        path: '/api/webhooks/todoist',
        method: 'POST',
        headers,
      }
      ask(of, answer => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end()
    })
  const json = { 'content-type': 'application/json; utf-8' }
  assert.equal(await sent({ 'content-length': '0' }), 401)
  assert.equal(await sent({ ...json, 'content-length': '0' }), 401)
  // As a proxy may pass it on.
  assert.equal(await sent({ ...json, 'transfer-encoding': 'chunked' }), 401)
})
