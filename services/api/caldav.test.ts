// Tasks on a server of one's own, from the form to the tip and back, through every part as it runs.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openLog } from '@oo/kernel'
import { type Radicale, startRadicale, taskListsOf, until } from '@oo/local'
import { unzipSync } from 'fflate'
import { type Person, startInstance } from './testInstance.ts'
import { nextTask, tipThat } from './testTips.ts'

// Found nowhere else.
const user = 'wren-qx81'
const password = 'kanarien-app-wort-qx82'
const wrong = 'kanarien-falsches-wort-qx83'

let logged = ''
let radicale: Radicale
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  radicale = await startRadicale({ users: { [user]: password } })
  const log = openLog('test', {
    level: 'trace',
    destination: {
      write: line => {
        logged += line
      },
    },
  })
  instance = await startInstance({ log, settings: { caldavInnerHosts: [new URL(radicale.url).host] } })
})
after(async () => {
  await instance?.stop()
  await radicale?.stop()
})

const listsOf = () => taskListsOf({ url: radicale.url, user, password })

async function signIn(person: Person, change: object = {}, key: string = randomUUID()) {
  const answer = await instance.api.app.inject({
    method: 'POST',
    url: '/api/integrations/caldav/sign-in',
    headers: { cookie: `sid=${person.sid()}`, origin: 'http://127.0.0.1:3000', 'idempotency-key': key },
    payload: { address: radicale.url, user, password, ...change },
  })
  return { status: answer.statusCode, text: answer.body, replayed: answer.headers['idempotency-replayed'] }
}

const settle = (reactionId: unknown) =>
  instance.runJob('recommender.settle-task', { reactionId: String(reactionId) })

/** Everything the database holds, as text; bytes are in hexadecimal. */
async function wholeDatabase(): Promise<string> {
  const { rows } = await instance.query(
    `SELECT format('SELECT string_agg(t::text, chr(10)) AS text FROM %I.%I t', table_schema, table_name) AS query
       FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  )
  const texts: string[] = []
  for (const { query } of rows) {
    const [table] = (await instance.query(String(query))).rows
    texts.push(String(table?.text))
  }
  return texts.join('\n')
}

const waysToWrite = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(`${user}:${secret}`).toString('base64').replace(/=+$/, ''),
]

test('a task is a tip, done where it lives and open again after an undo; one that begins later is none', async () => {
  const person = await instance.signIn('caldav@example.test')
  const lists = listsOf()
  const list = await lists.make()
  const inDays = (days: number) =>
    new Date(instance.clock.now().getTime() + days * 86_400_000)
      .toISOString()
      .slice(0, 10)
      .replaceAll('-', '')
  await lists.put(list, 'later', 'SUMMARY:Later', 'PRIORITY:1', `DTSTART;VALUE=DATE:${inDays(2)}`)
  await lists.put(list, 'now', 'SUMMARY:Feed the finch', `DTSTART;VALUE=DATE:${inDays(-2)}`)
  assert.equal((await signIn(person)).status, 204)
  const { body } = await person.get('/api/integrations')
  const row = (body.integrations as { id: string; openTasks?: number }[]).find(({ id }) => id === 'caldav')
  assert.equal(row?.openTasks, 2, 'what begins later is understood, and waits')

  const tip = await nextTask(person)
  assert.equal(tip.text, 'Feed the finch')
  assert.equal(tip.source.provider, 'caldav')
  const done = await person.send('POST', '/api/feedback', { tipId: tip.id, reaction: 'done' })
  await settle(done.body.id)
  assert.match(await lists.get(list, 'now'), /STATUS:COMPLETED/)
  assert.equal((await person.send('DELETE', `/api/feedback/${done.body.id}`)).status, 204)
  await settle(done.body.id)
  assert.match(await lists.get(list, 'now'), /STATUS:NEEDS-ACTION/)

  const again = await nextTask(person)
  assert.equal(again.text, 'Feed the finch')
  const rest = { tipId: again.id, reaction: 'already_done' }
  assert.equal((await person.send('POST', '/api/feedback', rest)).status, 200)
  instance.clock.advance(2 * 86_400_000)
  assert.equal((await tipThat(person, ({ kind }) => kind === 'todo')).text, 'Later')
  await lists.delete(list)
})

test('the password is nowhere in the clear: no row, no kept answer, no event, no log, no export', async () => {
  const person = await instance.signIn('sealed@example.test')
  const key = randomUUID()
  assert.match((await signIn(person, { password: wrong })).text, /password_refused/)
  assert.match((await signIn(person, { address: `https://x:${wrong}@example.test` })).text, /address_refused/)
  assert.match((await signIn(person, { user: 'x'.repeat(201), password: wrong })).text, /malformed/)
  assert.match(
    (await signIn(person, { address: 'https://127.0.0.1:1', password: wrong })).text,
    /address_refused/,
  )
  assert.equal((await signIn(person, {}, key)).status, 204)
  const again = await signIn(person, {}, key)
  assert.deepEqual([again.status, again.replayed], [204, 'true'])
  assert.equal(
    (await signIn(person, { password: wrong }, key)).status,
    422,
    'the key belongs to another form',
  )
  radicale.letIn({ [user]: 'another' })
  const { body } = await person.get('/api/integrations')
  assert.match(JSON.stringify(body), /"state":"reconnect"/)
  radicale.letIn({ [user]: password })
  assert.equal((await signIn(person)).status, 204)

  const exported = unzipSync((await person.get('/api/profile/export')).raw)
  const files = Object.entries(exported).map(([name, bytes]) => `${name}\n${Buffer.from(bytes)}`)
  assert.match(files.join('\n'), /"source":"caldav","state":"connected"/)
  const places = {
    database: await wholeDatabase(),
    log: logged,
    export: files.join('\n'),
    list: JSON.stringify(body),
  }
  assert.match(places.database, /signInToSource/, 'an answer was kept')
  assert.match(places.database, /"source": ?"caldav"|caldav/, 'the search sees what is there')
  for (const [place, text] of Object.entries(places))
    for (const secret of [password, wrong])
      for (const written of waysToWrite(secret))
        assert.ok(!text.includes(written), `${place} holds ${written}`)

  for (const place of ['database', 'log', 'export'] as const)
    assert.ok(!places[place].includes(user), `${place} holds the name at the server`)

  const gone = await person.send('DELETE', '/api/profile', { confirm: 'delete' })
  await until('the account is deleted', async () => {
    const { body: receipt } = await instance.stranger().get(`/api/receipts/${gone.body.receiptId}`)
    return receipt.state === 'done'
  })
  const left = await instance.query("SELECT 1 FROM integrations.grants WHERE provider = 'caldav'")
  assert.equal(left.rows.length, 1, 'the other person’s stays')
})
