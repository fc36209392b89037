import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { changed, Problem, transaction } from '@oo/kernel'
import { freePort } from '@oo/local'
import { ann, openHouse as openServer } from './connectors/caldav/testServers.ts'
import { type House, openHouse, requestBy, type Someone } from './testHouse.ts'

const { password } = ann
let house: House
let caldav: Awaited<ReturnType<typeof openServer>>
/** A server that answers so. */
let answer: { status: number; body: string }
let odd: string
let away: string
const server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body))
before(async () => {
  caldav = await openServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  odd = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  away = `http://127.0.0.1:${await freePort()}`
  house = await openHouse({ caldavInnerHosts: [caldav.front.url, odd, away].map(url => new URL(url).host) })
})
after(async () => {
  server.close()
  server.closeAllConnections()
  await Promise.all([house?.stop(), caldav?.stop()])
})

const signIn = (
  someone: Someone,
  change: { address?: string; user?: string; password?: string } = {},
  id = 'caldav',
) =>
  house.module.handlers.signInToSource(
    requestBy<'signInToSource'>(someone, {
      params: { id },
      body: { address: caldav.front.url, user: 'ann', password, ...change },
    }),
  )

const problem =
  (status: number, code: string, words = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof Problem, String(error))
    assert.deepEqual([error.status, error.code], [status, code])
    assert.match(error.title, words)
    return true
  }

const grantsOf = (someone: Someone) =>
  house.rows('SELECT * FROM integrations.grants WHERE person_id = $1', [someone.id])
const subjectsOf = async (someone: Someone) =>
  (await house.rows('SELECT subject FROM events.log WHERE person_id = $1 ORDER BY seq', [someone.id])).map(
    ({ subject }) => subject,
  )
const look = (someone: Someone) =>
  house.looks.at({ personId: someone.id, source: 'caldav', signal: AbortSignal.timeout(20_000) })

describe('connecting with a form', () => {
  test('what works is sealed, with consent and event, and the tasks are there', async () => {
    const ada = await house.person()
    const list = await caldav.make()
    await caldav.put(list, 'call', 'SUMMARY:Call Bob')
    const before = await house.list(ada, house, 'caldav')
    assert.deepEqual([before.state, before.entry, before.typed], ['disconnected', 'form', undefined])
    assert.equal((await house.list(ada)).entry, 'provider')
    assert.deepEqual(await signIn(ada), { status: 204 })
    assert.ok((await house.profile.door.wishes(ada.id)).consents.has('sync'))
    assert.deepEqual(await subjectsOf(ada), ['profile.consent.changed', 'account.source.connected'])
    const row = await house.list(ada, house, 'caldav')
    assert.deepEqual([row.state, row.openTasks, row.typed], ['connected', 1, undefined])
    const { tasks } = await house.door.openTasks(ada.id, { waitMs: 5_000 })
    assert.deepEqual(
      tasks.map(({ source, text }) => [source, text]),
      [['caldav', 'Call Bob']],
    )
    await caldav.delete(list)
  })

  test('each refusal says what to do, and keeps nothing', async () => {
    const ada = await house.person()
    const refused = (change: object, ...expected: Parameters<typeof problem>) =>
      assert.rejects(signIn(ada, change), problem(...expected))
    await refused({ address: 'not an address' }, 422, 'address_refused', /type it as in/)
    await refused({ address: 'http://example.com' }, 422, 'address_refused', /https/)
    await refused({ address: 'https://10.0.0.1' }, 422, 'address_refused', /private network/)
    await refused({ password: 'another' }, 422, 'password_refused', /app password/)
    await refused({ address: away }, 503, 'server_away')
    answer = { status: 404, body: '' }
    await refused({ address: odd }, 422, 'address_refused', /no task lists/)
    answer = { status: 207, body: 'no xml' }
    await refused({ address: odd }, 422, 'address_refused', /not what oO understands/)
    answer = { status: 500, body: '' }
    await refused({ address: odd }, 503, 'server_away')
    await assert.rejects(signIn(ada, {}, 'todoist'), problem(409, 'source_has_no_form'))
    await assert.rejects(signIn(ada, {}, 'no-such-app'), problem(404, 'not_found'))
    const byProvider = requestBy<'connect'>(ada, { params: { id: 'caldav' }, query: {}, cookies: {} })
    await assert.rejects(house.module.handlers.connect(byProvider), problem(409, 'source_has_form'))
    assert.deepEqual([await grantsOf(ada), await subjectsOf(ada)], [[], []])
  })

  test('a password that ended is one action: the form, with what was typed; then all goes on', async () => {
    const ada = await house.person()
    await signIn(ada)
    const [grant] = await grantsOf(ada)
    caldav.radicale.letIn({ ann: 'a new one' })
    const row = await house.list(ada, house, 'caldav')
    assert.equal(row.state, 'reconnect')
    assert.deepEqual(row.typed, { address: `${caldav.front.url}/`, user: 'ann' })
    assert.match(row.message ?? '', /Connect it again/)
    const complete = house.door.complete(ada.id, 'caldav', 'x', AbortSignal.timeout(5_000))
    await assert.rejects(complete, problem(409, 'source_reconnect'))
    await signIn(ada, { password: 'a new one' })
    assert.equal((await house.list(ada, house, 'caldav')).state, 'connected')
    const [anew, ...others] = await grantsOf(ada)
    assert.notEqual(anew?.id, grant?.id)
    assert.deepEqual(others, [])
    caldav.radicale.letIn({ ann: password })
  })

  test('the same form again changes nothing and is told to nobody', async () => {
    const ada = await house.person()
    await signIn(ada)
    const before = await grantsOf(ada)
    const told = await subjectsOf(ada)
    await signIn(ada)
    assert.deepEqual([await grantsOf(ada), await subjectsOf(ada)], [before, told])
  })

  test('disconnecting deletes the password at once: there is nobody to hand it back to', async () => {
    const ada = await house.person()
    await signIn(ada)
    await house.disconnect(ada, 'caldav')
    assert.deepEqual(await grantsOf(ada), [])
    assert.equal(
      (await house.rows("SELECT 1 FROM integrations.revocations WHERE provider = 'caldav'")).length,
      0,
    )
    assert.equal((await house.list(ada, house, 'caldav')).state, 'disconnected')
    assert.deepEqual((await subjectsOf(ada)).at(-1), 'account.source.disconnected')
  })

  test('deleting the account deletes it too, and the receipt says what only the person can do', async () => {
    const ada = await house.person()
    await signIn(ada)
    const receipt = await house.erase(ada)
    assert.match(receipt?.note ?? '', /password for CalDAV is deleted here; only you can end it/)
    assert.deepEqual(await grantsOf(ada), [])
  })
})

describe('looking again', () => {
  test('a look after a reading asks for what changed since, in the same time zone only', async () => {
    const ada = await house.person()
    const list = await caldav.make()
    await caldav.put(list, 'one', 'SUMMARY:One')
    await signIn(ada)
    const reports = async () => {
      caldav.front.asked.length = 0
      await look(ada)
      return caldav.front.asked.filter(one => one === `REPORT ${list}`).length
    }
    assert.equal(await reports(), 2, 'nothing is known yet: which there are, and what they are')
    await house.door.openTasks(ada.id, { waitMs: 5_000 })
    assert.equal(await reports(), 0)
    const moveTo = async (timeZone: string) => {
      await house.rows('UPDATE profile.cards SET time_zone = $2 WHERE person_id = $1', [ada.id, timeZone])
      await transaction(house.db, async tx => changed(tx, 'profile.wishes', ada.id))
    }
    await moveTo('Asia/Tokyo')
    assert.equal(await reports(), 2, 'floating times are others there')
    await moveTo('Europe/Berlin')
    assert.equal(await reports(), 0)
    await caldav.put(list, 'two', 'SUMMARY:Two')
    assert.equal(await reports(), 2)
    await caldav.delete(list)
  })

  test('what was completed elsewhere is noticed, and one task that answers nonsense holds up no other', async () => {
    const ada = await house.person()
    const list = await caldav.make()
    const ids = ['done', 'odd', 'open'].map(id => `${id}-${randomUUID()}`)
    const [done = '', broken = '', open = ''] = ids
    for (const id of ids) await caldav.put(list, id, `SUMMARY:${id}`)
    await signIn(ada)
    await look(ada)
    await caldav.put(list, done, 'SUMMARY:x', 'STATUS:COMPLETED', 'COMPLETED:20260101T000000Z')
    await caldav.put(list, broken, 'SUMMARY:x', 'STATUS:COMPLETED')
    caldav.front.spoiled.add(`${list}${broken}.ics`)
    await look(ada)
    const subjects = (await subjectsOf(ada)).filter(subject => subject.startsWith('signals.task.'))
    assert.deepEqual(subjects, ['signals.task.completed'])
    const rows = await house.rows(
      'SELECT external_id, asked_at FROM integrations.open_items WHERE person_id = $1 ORDER BY asked_at',
      [ada.id],
    )
    assert.deepEqual(
      rows.map(({ external_id }) => external_id),
      [broken, open],
    )
    await caldav.delete(list)
  })
})
