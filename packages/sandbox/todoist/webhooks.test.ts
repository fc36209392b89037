import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { after, before, test } from 'node:test'
import { getAuthToken, parseWebhookPayload, TodoistApi, verifyWebhookSignature } from '@doist/todoist-sdk'
import { demoTodoistApp, type Sandbox, startSandbox } from '../index.ts'
import { createTestBrowser } from '../test-browser.ts'

type Received = { body: string; headers: Record<string, unknown> }

let sandbox: Sandbox
let receiver: Server
const received: Received[] = []
const answers: number[] = []
const waiting: Array<(received: Received) => void> = []

const next = (): Promise<Received> =>
  new Promise(resolve => {
    const ready = received.shift()
    if (ready) resolve(ready)
    else waiting.push(resolve)
  })

before(async () => {
  receiver = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    res.writeHead(answers.shift() ?? 200).end()
    const message = { body: Buffer.concat(chunks).toString(), headers: req.headers }
    const wanted = waiting.shift()
    if (wanted) wanted(message)
    else received.push(message)
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const address = receiver.address()
  assert.ok(address !== null && typeof address === 'object')
  sandbox = await startSandbox({
    auto: true,
    webhookTarget: `http://127.0.0.1:${address.port}/`,
    webhookRetryAfterMs: [1, 1],
  })
})
after(async () => {
  await sandbox.stop()
  receiver.closeAllConnections()
  receiver.close()
})

async function connect(email: string): Promise<TodoistApi> {
  const query = new URLSearchParams({
    client_id: demoTodoistApp.clientId,
    scope: 'data:read_write',
    state: 's',
    login_hint: email,
  })
  const landed = await createTestBrowser(sandbox.url).open(`${sandbox.url}/oauth/authorize?${query}`)
  const code = landed.url.searchParams.get('code') ?? ''
  const tokens = await getAuthToken({ ...demoTodoistApp, code }, { baseUrl: sandbox.url })
  return new TodoistApi(tokens.accessToken, { baseUrl: sandbox.url })
}

test('a change is told, signed over its raw body, in a shape that the official parser accepts', async () => {
  const api = await connect('ada@example.test')
  const task = await api.addTask({ content: 'Post the letter' })
  const added = await next()
  const signature = String(added.headers['x-todoist-hmac-sha256'])
  const { clientSecret } = demoTodoistApp
  assert.equal(await verifyWebhookSignature({ rawBody: added.body, signature, clientSecret }), true)
  assert.equal(await verifyWebhookSignature({ rawBody: `${added.body} `, signature, clientSecret }), false)
  assert.match(String(added.headers['x-todoist-delivery-id']), /^[0-9a-f-]{36}$/)
  assert.equal(parseWebhookPayload(JSON.parse(added.body)).eventName, 'item:added')

  await api.closeTask(task.id)
  const completed = parseWebhookPayload(JSON.parse((await next()).body))
  assert.equal(completed.eventName, 'item:completed')
})

test('an occurrence of a recurring task is told as an update with its reason', async () => {
  const api = await connect('grace@example.test')
  const task = await api.addTask({ content: 'Stretch', dueString: 'every day' })
  await next()
  await api.closeTask(task.id)
  const payload = parseWebhookPayload(JSON.parse((await next()).body))
  assert.ok(payload.eventName === 'item:updated')
  assert.equal(payload.eventDataExtra?.updateIntent, 'item_completed')
  assert.equal(payload.eventDataExtra?.oldItem.due?.date, task.due?.date)
})

test('a refused delivery comes again with the same id, and is given up after the last try', async () => {
  const api = await connect('retry@example.test')
  answers.push(500, 503)
  await api.addTask({ content: 'Post the letter' })
  const tries = [await next(), await next(), await next()]
  assert.equal(new Set(tries.map(one => one.headers['x-todoist-delivery-id'])).size, 1)
  answers.push(500, 500, 500)
  await api.addTask({ content: 'Post another letter' })
  for (let times = 0; times < 3; times += 1) await next()
  assert.equal(received.length, 0)
})

test('who did not connect is not told about', async () => {
  const post = (path: string) =>
    fetch(`${sandbox.url}/control/todoist/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'Quiet' }),
    })
  await post('stranger@example.test/tasks')
  await connect('loud@example.test')
  await post('loud@example.test/tasks')
  assert.match((await next()).body, /loud@example\.test/)
})
