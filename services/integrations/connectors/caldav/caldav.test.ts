import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { isTrouble } from '../connector.ts'
import { AddressRefused } from './address.ts'
import { ann, type House, openHouse, openTasksOf, signal } from './testServers.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

const act = (externalId: string, actId = `act-${externalId}`) => ({ externalId, actId })
const trouble = (kind: Parameters<typeof isTrouble>[1]) => (error: unknown) => isTrouble(error, kind)

describe('finding the lists', () => {
  test('from the bare address, from a path and by way of /.well-known/caldav', async () => {
    const path = await house.make()
    await house.put(path, 'only', 'SUMMARY:Only')
    const events = await house.make('VEVENT')
    const typed = ['', '/', '/ann/', path, '/.well-known/caldav', '/no/such/place'].map(
      at => house.front.url + at,
    )
    for (const address of typed) {
      const tokens = await house.signIn(address)
      assert.equal(tokens.account, `${house.front.url}/ann/`, address)
      const found = await openTasksOf(house.connector, tokens)
      assert.deepEqual(
        found.map(({ text }) => text),
        ['Only'],
        address,
      )
      assert.equal(house.connector.entry.typedIn(tokens).user, ann.user)
    }
    assert.ok(house.front.asked.includes('PROPFIND /.well-known/caldav'))
    assert.ok(!house.front.asked.includes(`REPORT ${events}`), 'a list that takes no tasks is not read')
    for (const list of [path, events]) await house.delete(list)
  })

  test('a wrong password is `revoked`, when connecting and later', async () => {
    const form = { ...ann, password: 'another', address: house.front.url }
    await assert.rejects(house.connector.entry.signIn(form, signal()), trouble('revoked'))
    const tokens = await house.signIn()
    const stale = { ...tokens, access: tokens.access.replace('app-', 'old-') }
    await assert.rejects(openTasksOf(house.connector, stale), trouble('revoked'))
    await assert.rejects(house.connector.tasks.complete(stale, act('any'), signal()), trouble('revoked'))
  })

  test('only the hosts that the operator named may be in a private network', async () => {
    for (const address of [
      house.radicale.url,
      house.radicale.url.replace('http', 'https'),
      'https://10.1.2.3',
    ])
      await assert.rejects(
        house.connector.entry.signIn({ ...ann, address }, signal()),
        (error: unknown) => error instanceof AddressRefused,
        address,
      )
  })
})

describe('open tasks', () => {
  test('a day is that day and a time that instant, wherever the person is', async () => {
    const list = await house.make()
    await house.put(list, 'day', 'SUMMARY:A day', 'DUE;VALUE=DATE:20260504')
    await house.put(list, 'instant', 'SUMMARY:An instant', 'DUE:20260504T223000Z')
    await house.put(list, 'zone', 'SUMMARY:In a zone', 'DUE;TZID=America/New_York:20260504T200000')
    await house.put(list, 'floating', 'SUMMARY:Floating', 'DUE:20260504T003000')
    const tokens = await house.signIn()
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin', 'Asia/Kathmandu', null]) {
      const tasks = await openTasksOf(house.connector, tokens, zone)
      const due = (id: string) => tasks.find(({ externalId }) => externalId === id)?.attributes.due
      assert.deepEqual(due('day'), { date: '2026-05-04', time: null }, `${zone}`)
      assert.equal(due('instant')?.time, '2026-05-04T22:30:00.000Z')
      assert.equal(due('zone')?.time, '2026-05-05T00:00:00.000Z')
      assert.equal(due('floating')?.date, '2026-05-04')
      const shown = new Date(due('floating')?.time ?? '').toLocaleString('sv-SE', { timeZone: zone ?? 'UTC' })
      assert.equal(shown, '2026-05-04 00:30:00', `${zone}`)
    }
    await house.delete(list)
  })

  test('what is done, cancelled or no task is not listed', async () => {
    const list = await house.make()
    await house.put(list, 'open', 'SUMMARY:Open', 'STATUS:NEEDS-ACTION')
    await house.put(list, 'silent', 'SUMMARY:Without a status')
    await house.put(list, 'done', 'SUMMARY:Done', 'STATUS:COMPLETED', 'COMPLETED:20260101T000000Z')
    await house.put(list, 'briefly', 'SUMMARY:Done without a time', 'STATUS:COMPLETED')
    await house.put(list, 'off', 'SUMMARY:Off', 'STATUS:CANCELLED')
    const tokens = await house.signIn()
    const tasks = await openTasksOf(house.connector, tokens)
    assert.deepEqual(tasks.map(({ externalId }) => externalId).toSorted(), ['open', 'silent'])
    await house.delete(list)
  })

  test('a second reading asks for what changed; a lost token, or another zone, means all of it again', async () => {
    const list = await house.make()
    for (const uid of ['a', 'b', 'c']) await house.put(list, uid, `SUMMARY:${uid}`)
    const tokens = await house.signIn()
    const readAgain = async (
      known?: Awaited<ReturnType<typeof house.connector.tasks.read>>['known'],
      zone = 'UTC',
    ) => {
      house.front.asked.length = 0
      const reading = await house.connector.tasks.read(tokens, { timeZone: zone, known }, signal())
      const ids = reading.tasks.map(({ externalId }) => externalId).toSorted()
      return { ...reading, ids, reports: house.front.asked.filter(one => one === `REPORT ${list}`).length }
    }
    const first = await readAgain()
    assert.deepEqual([first.ids, first.reports], [['a', 'b', 'c'], 2])
    const same = await readAgain(first.known)
    assert.deepEqual([same.ids, same.reports], [['a', 'b', 'c'], 0])

    await house.put(list, 'b', 'SUMMARY:b', 'STATUS:COMPLETED')
    await house.put(list, 'd', 'SUMMARY:d')
    await house.delete(`${list}a.ics`)
    const changed = await readAgain(same.known)
    assert.deepEqual([changed.ids, changed.reports], [['c', 'd'], 2])

    await house.put(list, 'e', 'SUMMARY:e')
    const cache = join(house.radicale.collections, list, '.Radicale.cache', 'sync-token')
    rmSync(cache, { recursive: true })
    const lost = await readAgain(changed.known)
    assert.deepEqual([lost.ids, lost.reports], [['c', 'd', 'e'], 3])
    assert.equal((await readAgain(lost.known, 'Asia/Tokyo')).reports, 2)
    await house.delete(list)
  })

  test('a list that was deleted takes its tasks with it, the others stay', async () => {
    const [stays, goes] = [await house.make(), await house.make()]
    await house.put(stays, 'stays', 'SUMMARY:Stays')
    await house.put(goes, 'goes', 'SUMMARY:Goes')
    const tokens = await house.signIn()
    const first = await house.connector.tasks.read(tokens, { timeZone: null }, signal())
    assert.equal(first.tasks.length, 2)
    // Between the question for the lists and the one for the tasks.
    house.front.before('REPORT', () => house.delete(goes))
    const during = await openTasksOf(house.connector, tokens)
    assert.deepEqual(
      during.map(({ externalId }) => externalId),
      ['stays'],
    )
    const next = await house.connector.tasks.read(tokens, { timeZone: null, known: first.known }, signal())
    assert.deepEqual(
      next.tasks.map(({ externalId }) => externalId),
      ['stays'],
    )
    assert.deepEqual(await house.connector.tasks.taskState(tokens, 'goes', signal()), { is: 'gone' })
    await house.delete(stays)
  })
})

describe('completing and reopening', () => {
  test('done there, with its time; reopened it is open; what oO does not know stays', async () => {
    const list = await house.make()
    await house.put(list, 'x', 'SUMMARY:A\\, b', 'X-OTHER;A="q:r":kept', 'PERCENT-COMPLETE:40', 'SEQUENCE:3')
    const tokens = await house.signIn()
    await house.connector.tasks.complete(tokens, act('x'), signal())
    const done = await house.get(list, 'x')
    for (const line of [
      'STATUS:COMPLETED',
      'COMPLETED:20260504T100000Z',
      'PERCENT-COMPLETE:100',
      'SEQUENCE:4',
    ])
      assert.match(done, new RegExp(`^${line}\\r?$`, 'm'))
    assert.match(done, /X-OTHER;A="?q:r"?:kept/)
    assert.deepEqual(await house.connector.tasks.taskState(tokens, 'x', signal()), {
      is: 'completed',
      at: new Date('2026-05-04T10:00:00Z'),
    })
    await house.connector.tasks.reopen(tokens, act('x', 'back'), signal())
    const open = await house.get(list, 'x')
    assert.match(open, /^STATUS:NEEDS-ACTION\r?$/m)
    assert.doesNotMatch(open, /^(COMPLETED|PERCENT-COMPLETE)/m)
    assert.deepEqual(await house.connector.tasks.taskState(tokens, 'x', signal()), { is: 'open' })
    await house.delete(list)
  })

  test('a recurring task goes on once, however often and from wherever the same act comes', async () => {
    const list = await house.make()
    const rule = ['DTSTART;VALUE=DATE:20260501', 'DUE;VALUE=DATE:20260504', 'RRULE:FREQ=WEEKLY;COUNT=3']
    await house.put(list, 'weekly', 'SUMMARY:Weekly', ...rule)
    const tokens = await house.signIn()
    const twice = () => house.connector.tasks.complete(tokens, act('weekly', 'one'), signal())
    await Promise.all([twice(), twice()])
    await twice()
    const due = async () => (await openTasksOf(house.connector, tokens))[0]?.attributes.due?.date
    assert.equal(await due(), '2026-05-11')
    const moved = await house.get(list, 'weekly')
    assert.match(moved, /DTSTART;VALUE=DATE:20260508/)
    assert.match(moved, /COUNT=2/)
    await house.connector.tasks.complete(tokens, act('weekly', 'two'), signal())
    assert.equal(await due(), '2026-05-18')
    await twice()
    assert.equal(await due(), '2026-05-18')
    await house.connector.tasks.complete(tokens, act('weekly', 'three'), signal())
    assert.equal((await house.connector.tasks.taskState(tokens, 'weekly', signal())).is, 'completed')
    await house.delete(list)
  })

  test('another’s change in between is kept, and the task is done', async () => {
    const list = await house.make()
    await house.put(list, 'shared', 'SUMMARY:Before')
    const tokens = await house.signIn()
    const other = () => house.put(list, 'shared', 'SUMMARY:By another')
    house.front.before('PUT', other)
    await house.connector.tasks.complete(tokens, act('shared'), signal())
    const now = await house.get(list, 'shared')
    assert.match(now, /SUMMARY:By another/)
    assert.match(now, /STATUS:COMPLETED/)
    let changes = 0
    await other()
    house.front.before('PUT', () => house.put(list, 'shared', `SUMMARY:Change ${++changes}`), 5)
    await assert.rejects(
      house.connector.tasks.complete(tokens, act('shared', 'again'), signal()),
      trouble('away'),
    )
    assert.equal(changes, 2)
    house.front.before('PUT', other, 0)
    await house.delete(list)
  })

  test('a task is found in whichever list it is now, whatever its file is called', async () => {
    const [from, to] = [await house.make(), await house.make()]
    const odd = 'a~b/c d'
    await house.put(from, 'plain', 'SUMMARY:Plain', `X-SEE:${odd}`)
    await house.put(from, odd, 'SUMMARY:Odd')
    const tokens = await house.signIn()
    const { tasks } = await house.connector.tasks.read(tokens, { timeZone: null }, signal())
    const idOf = (text: string) => tasks.find(task => task.text === text)?.externalId ?? ''
    assert.equal(idOf('Plain'), 'plain')
    for (const id of ['plain', idOf('Odd')])
      assert.deepEqual(await house.connector.tasks.taskState(tokens, id, signal()), { is: 'open' }, id)
    await house.move(`${from}plain.ics`, `${to}plain.ics`)
    await house.connector.tasks.complete(tokens, act('plain'), signal())
    assert.match(await house.get(to, 'plain'), /STATUS:COMPLETED/)
    const made = await house.make()
    await house.move(`${to}plain.ics`, `${made}plain.ics`)
    assert.equal((await house.connector.tasks.taskState(tokens, 'plain', signal())).is, 'completed')
    await house.connector.tasks.complete(tokens, act(idOf('Odd')), signal())
    assert.equal((await house.connector.tasks.taskState(tokens, idOf('Odd'), signal())).is, 'completed')
    for (const list of [from, to, made]) await house.delete(list)
  })

  test('what is gone says so, also when it went in between', async () => {
    const list = await house.make()
    await house.put(list, 'brief', 'SUMMARY:Brief')
    const tokens = await house.signIn()
    await assert.rejects(house.connector.tasks.complete(tokens, act('brie'), signal()), trouble('gone'))
    house.front.before('PUT', () => house.delete(`${list}brief.ics`))
    await assert.rejects(house.connector.tasks.complete(tokens, act('brief'), signal()), trouble('gone'))
    assert.deepEqual(await house.connector.tasks.taskState(tokens, 'brief', signal()), { is: 'gone' })
    await house.delete(list)
  })
})
