import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { timestampMs } from '@bufbuild/protobuf/wkt'
import { until } from '@oo/local'
import { demoTodoistApp } from '@oo/sandbox'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { type House, openHouse, requestBy, type Someone } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
  // A new subscriber begins at the end of the log.
  await house.events.drain()
})
after(() => house.stop())

const sign = (body: string, secret = demoTodoistApp.clientSecret) =>
  createHmac('sha256', secret).update(body).digest('base64')

interface Sent {
  body: string
  headers: Record<string, string>
}

const delivery = (account: string, more: object = {}, at = house.clock.now()): Sent => {
  const said = { event_name: 'item:completed', user_id: account, triggered_at: at.toISOString(), ...more }
  const body = JSON.stringify(said, null, 1)
  return { body, headers: { 'x-todoist-hmac-sha256': sign(body), 'x-todoist-delivery-id': randomUUID() } }
}

const receive = ({ body, headers }: Sent, provider = 'todoist') =>
  house.module.handlers.receiveWebhook(
    requestBy<'receiveWebhook'>(
      { id: '', sessionId: '', email: '' },
      {
        actor: null,
        params: { provider },
        signed: { bytes: Buffer.from(body), headers, misfit: undefined },
      },
    ),
  )

const noted = async (): Promise<number> => (await house.rows('SELECT FROM integrations.deliveries')).length
/** Its turn is now, and not when its interval is over. */
const isWanted = async (someone: Someone): Promise<boolean> => {
  const [row] = await house.rows(
    `SELECT look_at <= looked_at + interval '2 s' AS wanted FROM integrations.grants WHERE person_id = $1`,
    [someone.id],
  )
  return row.wanted
}
const happened = async (someone: Someone): Promise<string[]> =>
  (
    await house.rows(
      `SELECT subject FROM events.log WHERE person_id = $1 AND subject LIKE 'signals.task.%' ORDER BY xid, seq`,
      [someone.id],
    )
  ).map(({ subject }) => subject)

async function connected(): Promise<{ someone: Someone; account: string }> {
  const someone = await house.person()
  await house.connect(someone)
  return { someone, account: await house.accountOf(someone) }
}

const look = ({ id: personId }: Someone) =>
  house.looks.at({ personId, source: 'todoist', signal: AbortSignal.timeout(10_000) })

const act = (someone: Someone, id: string, what: 'complete' | 'reopen' | 'delete') =>
  house.control(`todoist/${someone.email}/tasks/${id}/${what}`, {})

test('a forged delivery is refused and leaves nothing behind', async () => {
  const { someone, account } = await connected()
  await look(someone)
  const good = delivery(account)
  const id = { 'x-todoist-delivery-id': randomUUID() }
  const forged: Sent[] = [
    { ...good, headers: id },
    { ...good, headers: { ...id, 'x-todoist-hmac-sha256': '' } },
    { ...good, headers: { ...id, 'x-todoist-hmac-sha256': sign(good.body, 'another secret') } },
    { ...good, headers: { ...id, 'x-todoist-hmac-sha256': sign(delivery('7').body) } },
    { body: `${good.body} `, headers: good.headers },
    { body: JSON.stringify(JSON.parse(good.body)), headers: good.headers },
    { body: 'no JSON at all', headers: good.headers },
  ]
  const before = await noted()
  for (const sent of forged) await assert.rejects(receive(sent), { status: 401, code: 'forged' })
  assert.equal(await noted(), before)
  assert.equal(await isWanted(someone), false)
  await assert.rejects(receive(good, 'nobody'), { status: 404 })
})

test('a repeated delivery is noted once and makes oO look', async () => {
  const { someone, account } = await connected()
  await look(someone)
  const before = await noted()
  const [first, ...others] = Array.from({ length: 5 }, () => delivery(account))
  assert.ok(first)
  await Promise.all(Array.from({ length: 8 }, () => receive(first)))
  assert.equal(await noted(), before + 1)
  for (const other of others) await receive(other)
  assert.equal(await noted(), before + 5)
  assert.equal(await isWanted(someone), true)
})

test('what is signed but of no use is taken and forgotten: another account, old news, no shape', async () => {
  const { someone, account } = await connected()
  await look(someone)
  const before = await noted()
  const old = new Date(house.clock.now().getTime() - 4 * 86_400_000)
  await receive(delivery(account, {}, old))
  for (const body of ['[]', 'null', '{}', '{"user_id":5}'])
    await receive({ body, headers: { 'x-todoist-hmac-sha256': sign(body) } })
  assert.equal(await noted(), before)
  await receive(delivery('somebody else'))
  assert.equal(await isWanted(someone), false)
})

test('two looks tell what was completed and what was removed, each once, however often oO looks', async () => {
  const { someone } = await connected()
  const [done, gone, stays] = await Promise.all(
    ['Post the letter', 'Buy a lamp', 'Water the plants'].map(content => house.addTask(someone, { content })),
  )
  assert.ok(done && gone && stays)
  await look(someone)
  assert.deepEqual(await happened(someone), [], 'the first look has nothing to compare with')
  await act(someone, done.id, 'complete')
  await act(someone, gone.id, 'delete')
  await Promise.all([look(someone), look(someone), look(someone)])
  await look(someone)
  assert.deepEqual((await happened(someone)).toSorted(), ['signals.task.completed', 'signals.task.removed'])
  await act(someone, done.id, 'reopen')
  await look(someone)
  await act(someone, done.id, 'complete')
  await look(someone)
  assert.equal((await happened(someone)).length, 3, 'completed once more is news once more')
})

test('only what this person completed is told as completed: what is others’ to do, or deleted, was removed', async () => {
  const assign = (someone: Someone, id: string, to: string | null) =>
    house.control(`todoist/${someone.email}/tasks/${id}/assign`, { to })
  const became: [what: string, (someone: Someone, id: string) => Promise<unknown>, string[]][] = [
    [
      'assigned to themselves',
      async (someone, id) => assign(someone, id, await house.accountOf(someone)),
      [],
    ],
    ['completed', (someone, id) => act(someone, id, 'complete'), ['completed']],
    ['deleted', (someone, id) => act(someone, id, 'delete'), ['removed']],
    ['assigned to another', (someone, id) => assign(someone, id, '7'), ['removed']],
    [
      'assigned to another, who completed it',
      async (someone, id) => {
        await assign(someone, id, '7')
        await act(someone, id, 'complete')
      },
      ['removed'],
    ],
    [
      'completed and deleted',
      async (someone, id) => {
        await act(someone, id, 'complete')
        await act(someone, id, 'delete')
      },
      ['removed'],
    ],
  ]
  for (const forget of [
    async () => {},
    ({ email }: Someone) => house.control(`todoist/${email}/sync-tokens/expire`, {}),
  ])
    for (const [what, becomes, told] of became) {
      const { someone } = await connected()
      const { id } = await house.addTask(someone, { content: 'Post the letter' })
      await look(someone)
      await becomes(someone, id)
      await forget(someone)
      await look(someone)
      assert.deepEqual(
        await happened(someone),
        told.map(word => `signals.task.${word}`),
        what,
      )
    }
})

test('a task that was handed to another and comes back is theirs again', async () => {
  const { someone } = await connected()
  const { id } = await house.addTask(someone, { content: 'Water the plants', due_string: 'every day' })
  const assign = (to: string | null) => house.control(`todoist/${someone.email}/tasks/${id}/assign`, { to })
  await look(someone)
  await assign('7')
  await act(someone, id, 'complete')
  await look(someone)
  assert.deepEqual(await happened(someone), ['signals.task.removed'], 'an occurrence that another did')
  await assign(null)
  await look(someone)
  await act(someone, id, 'complete')
  await look(someone)
  assert.deepEqual(await happened(someone), ['signals.task.removed', 'signals.task.completed'])
})

test('a completion is told with when it was completed, however late it is heard of', async () => {
  const { someone } = await connected()
  const { id } = await house.addTask(someone, { content: 'Post the letter' })
  await look(someone)
  const before = Date.now()
  await act(someone, id, 'complete')
  const until = Date.now()
  house.clock.advance(3 * 3_600_000)
  await look(someone)
  const [{ envelope }] = await house.rows(
    `SELECT envelope FROM events.log WHERE person_id = $1 AND subject = 'signals.task.completed'`,
    [someone.id],
  )
  const { payload } = fromBinary(EnvelopeSchema, envelope)
  assert.ok(payload.case === 'taskCompleted' && payload.value.completedAt)
  const at = timestampMs(payload.value.completedAt)
  assert.ok(at >= before - 1_000 && at <= until + 1_000, "the provider's word, not the time it was heard")
})

test('what is open and not theirs to do hides nothing, and nobody is asked about it', async () => {
  const { someone } = await connected()
  const add = async (content: string) => (await house.addTask(someone, { content })).id
  const headings = await Promise.all(Array.from({ length: 60 }, (_, at) => add(`* A heading ${at}`)))
  const done = await add('Post the letter')
  await look(someone)
  await act(someone, done, 'complete')
  // They were tasks when oO last looked, and are headings now; and all has to be compared.
  await house.rows(`INSERT INTO integrations.open_items SELECT $1, 'todoist', unnest($2::text[])`, [
    someone.id,
    headings,
  ])
  await house.rows('UPDATE integrations.grants SET changes_mark = NULL WHERE person_id = $1', [someone.id])
  await look(someone)
  const subjects = await happened(someone)
  assert.equal(subjects.filter(subject => subject === 'signals.task.completed').length, 1)
  assert.equal(subjects.filter(subject => subject === 'signals.task.removed').length, 60)
  assert.equal(await house.asked(`/tasks/${headings[0]}`), 0)
})

test('a completed task leaves memory at once, and a changed one is read again', async () => {
  const { someone } = await connected()
  const { id } = await house.addTask(someone, { content: 'Post the letter' })
  await look(someone)
  await house.door.openTasks(someone.id, { waitMs: 2_000 })
  assert.equal(house.door.stateOf(someone.id, 'todoist', id), 'open')
  await act(someone, id, 'complete')
  await look(someone)
  await house.events.drain()
  assert.equal(house.door.stateOf(someone.id, 'todoist', id), 'gone')
})

test('a delivery that comes during a look begins no second one beside it, and one after it', async () => {
  const { someone, account } = await connected()
  await house.rows('UPDATE integrations.grants SET look_at = $2 WHERE person_id <> $1', [
    someone.id,
    new Date(house.clock.now().getTime() + 3_600_000),
  ])
  const asked = await house.asked('/sync')
  const other = house.another()
  await house.fault('slow', { ms: 600, count: 1 })
  await house.looks.round()
  await until('the provider is asked', async () => !('todoist' in (await house.control<object>('faults'))))
  house.clock.advance(3_000)
  await receive(delivery(account))
  for (const { looks } of [house, other]) await looks.round()
  await other.looks.idle()
  assert.equal(await house.asked('/sync'), asked + 1)
  await house.looks.idle()
  const [row] = await house.rows(
    'SELECT looks, looking_until FROM integrations.grants WHERE person_id = $1',
    [someone.id],
  )
  assert.deepEqual(row, { looks: 2, looking_until: null })
  assert.equal(await house.asked('/sync'), asked + 2)
})

test('a provider in trouble costs one look, not a queue of them', async () => {
  const { someone } = await connected()
  await house.fault('500')
  await look(someone)
  await house.fault('none')
  const [row] = await house.rows('SELECT looks, looked_at FROM integrations.grants WHERE person_id = $1', [
    someone.id,
  ])
  assert.equal(row.looks, 0)
  assert.ok(row.looked_at)
})

test('no id of a task outlives the consent, the connection or the account', async () => {
  const kept = async (someone: Someone) =>
    (await house.rows('SELECT FROM integrations.open_items WHERE person_id = $1', [someone.id])).length
  const ends: ((someone: Someone) => Promise<unknown>)[] = [
    house.disconnect,
    house.erase,
    async someone => {
      await house.withdrawSync(someone)
      await house.events.drain()
    },
  ]
  for (const end of ends) {
    const { someone } = await connected()
    await look(someone)
    assert.ok((await kept(someone)) > 0)
    await end(someone)
    assert.equal(await kept(someone), 0)
    await look(someone)
    assert.equal(await kept(someone), 0)
  }
})
