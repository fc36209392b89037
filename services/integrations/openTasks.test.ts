import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Problem } from '@oo/kernel'
import { until } from '@oo/local'
import { type House, openHouse } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

const signal = () => AbortSignal.timeout(5_000)
const texts = (found: { tasks: readonly { text: string }[] }) => found.tasks.map(task => task.text).sort()

async function someoneWith(...contents: string[]) {
  const someone = await house.person()
  const { tasks } = await house.control<{ tasks: { id: string }[] }>(`todoist/${someone.email}/tasks`)
  for (const { id } of tasks) await house.control(`todoist/${someone.email}/tasks/${id}/delete`, {})
  for (const content of contents) await house.addTask(someone, { content })
  await house.connect(someone)
  return someone
}

describe('open tasks', () => {
  test('come from the provider on cold memory, and from memory while they are fresh', async () => {
    const ada = await someoneWith('Call [Bob](https://example.test)', 'Water the plants')
    const reads = await house.asked('/sync')
    const cold = await house.door.openTasks(ada.id, { waitMs: 5_000 })
    assert.deepEqual([cold.state, texts(cold)], ['connected', ['Call Bob', 'Water the plants']])
    house.clock.advance(29_999)
    await house.addTask(ada, { content: 'New' })
    assert.deepEqual(texts(await house.door.openTasks(ada.id, { waitMs: 5_000 })), texts(cold))
    assert.equal((await house.asked('/sync')) - reads, 1)
  })

  test('after 30 s the last ones are served at once while they are read again', async () => {
    const ada = await someoneWith('One')
    await house.door.openTasks(ada.id, { waitMs: 5_000 })
    await house.addTask(ada, { content: 'Two' })
    house.clock.advance(30_000)
    const stale = await house.door.openTasks(ada.id, { waitMs: 0 })
    assert.deepEqual([stale.state, texts(stale)], ['connected', ['One']])
    await until(
      'the refresh landed',
      async () => (await house.door.openTasks(ada.id, { waitMs: 0 })).tasks.length === 2,
    )
  })

  test('many who look at once share one read', async () => {
    const ada = await someoneWith('One')
    const reads = await house.asked('/sync')
    const looks = Array.from({ length: 20 }, () => house.door.openTasks(ada.id, { waitMs: 5_000 }))
    for (const found of await Promise.all(looks)) assert.deepEqual(texts(found), ['One'])
    assert.equal((await house.asked('/sync')) - reads, 1)
  })

  test('on cold memory nobody waits longer than they said, and the read still lands', async () => {
    const ada = await someoneWith('One')
    const begun = performance.now()
    assert.deepEqual(await house.door.openTasks(ada.id, { waitMs: 0 }), { state: 'away', tasks: [] })
    assert.ok(performance.now() - begun < 500)
    await until(
      'the read landed',
      async () => (await house.door.openTasks(ada.id, { waitMs: 0 })).state === 'connected',
    )
  })

  test('more than a page is read whole', async () => {
    const ada = await someoneWith()
    await Promise.all(Array.from({ length: 430 }, (_, n) => house.addTask(ada, { content: `Task ${n}` })))
    assert.equal((await house.door.openTasks(ada.id, { waitMs: 5_000 })).tasks.length, 430)
  })

  test('without a connection, and for someone else, there are none', async () => {
    const eve = await house.person()
    assert.deepEqual(await house.door.openTasks(eve.id, { waitMs: 5_000 }), { state: 'none', tasks: [] })
  })

  test('items are known from memory: open, gone, or unknown', async () => {
    const ada = await someoneWith('One')
    assert.equal(house.door.stateOf(ada.id, 'todoist', 'x'), 'unknown')
    const { tasks } = await house.door.openTasks(ada.id, { waitMs: 5_000 })
    const id = tasks[0]?.externalId ?? ''
    assert.equal(house.door.stateOf(ada.id, 'todoist', id), 'open')
    assert.equal(house.door.stateOf(ada.id, 'todoist', 'x'), 'gone')
    assert.equal(house.door.itemOf(ada.id, 'todoist', id)?.text, 'One')
    const eve = await house.person()
    assert.equal(house.door.itemOf(eve.id, 'todoist', id), undefined)
  })

  test('a withdrawn consent ends it at once, in memory too; agreeing again brings it back', async () => {
    const ada = await someoneWith('One')
    const { tasks } = await house.door.openTasks(ada.id, { waitMs: 5_000 })
    const id = tasks[0]?.externalId ?? ''
    await house.events.drain()
    await house.withdrawSync(ada)
    await house.events.drain()
    assert.equal(house.door.itemOf(ada.id, 'todoist', id), undefined)
    assert.deepEqual(await house.door.openTasks(ada.id, { waitMs: 5_000 }), { state: 'none', tasks: [] })
    const refused = house.door.complete(ada.id, 'todoist', id, signal())
    await assert.rejects(refused, (error: unknown) => error instanceof Problem && error.status === 409)
    const row = await house.list(ada)
    assert.deepEqual([row.state, row.openTasks], ['connected', undefined])
    assert.match(row.message ?? '', /Allow it again/)
    await house.connect(ada)
    assert.equal((await house.door.openTasks(ada.id, { waitMs: 5_000 })).tasks.length, 1)
  })

  test('a read that lands after the consent was withdrawn is not kept', async () => {
    const ada = await someoneWith('One')
    await house.fault('slow', { ms: 300, count: 1 })
    const look = house.door.openTasks(ada.id, { waitMs: 0 })
    await look
    await house.withdrawSync(ada)
    await house.door.openTasks(ada.id, { waitMs: 0 })
    await until('the slow answer arrived', async () => {
      const { requests } = await house.control<{ requests: { fault?: string; status?: number }[] }>('log')
      return requests.some(request => request.fault === 'slow' && request.status === 200)
    })
    assert.equal(house.door.stateOf(ada.id, 'todoist', 'x'), 'unknown')
  })
})

describe('completing and reopening', () => {
  const statusOf = async (email: string, id: string) => {
    const { tasks } = await house.control<{
      tasks: { id: string; checked: boolean; due: { date: string } | null }[]
    }>(`todoist/${email}/tasks`)
    return tasks.find(task => task.id === id)
  }

  test('happen at the provider, show in memory at once, and twice is as good as once', async () => {
    const ada = await someoneWith('One', 'Two')
    const { tasks } = await house.door.openTasks(ada.id, { waitMs: 5_000 })
    const id = tasks.find(task => task.text === 'One')?.externalId ?? ''
    await house.door.complete(ada.id, 'todoist', id, signal(), 'reaction-1')
    await house.door.complete(ada.id, 'todoist', id, signal(), 'reaction-1')
    assert.equal((await statusOf(ada.email, id))?.checked, true)
    assert.equal(house.door.stateOf(ada.id, 'todoist', id), 'gone')
    assert.equal(house.door.itemOf(ada.id, 'todoist', id)?.text, 'One', 'an undo can still name it')
    await house.door.reopen(ada.id, 'todoist', id, signal(), 'undo-1')
    assert.equal((await statusOf(ada.email, id))?.checked, false)
    assert.equal(house.door.stateOf(ada.id, 'todoist', id), 'open')
  })

  test('the same act on a recurring task moves it once, the next act moves it again', async () => {
    const ada = await someoneWith()
    const { id } = await house.addTask(ada, { content: 'Stretch', due_string: 'every day' })
    const dates: (string | undefined)[] = []
    for (const key of ['a', 'a', 'b']) {
      await house.door.complete(ada.id, 'todoist', id, signal(), key)
      dates.push((await statusOf(ada.email, id))?.due?.date)
    }
    assert.equal(dates[0], dates[1])
    assert.notEqual(dates[1], dates[2])
  })

  test('what is gone is done', async () => {
    const ada = await someoneWith('One')
    const { tasks } = await house.door.openTasks(ada.id, { waitMs: 5_000 })
    const id = tasks[0]?.externalId ?? ''
    await house.control(`todoist/${ada.email}/tasks/${id}/delete`, {})
    await house.door.complete(ada.id, 'todoist', id, signal())
    await house.door.reopen(ada.id, 'todoist', id, signal())
    await house.door.complete(ada.id, 'todoist', 'never-was', signal())
  })

  test('another person’s task is out of reach', async () => {
    const ada = await someoneWith('One')
    const { tasks } = await house.door.openTasks(ada.id, { waitMs: 5_000 })
    const id = tasks[0]?.externalId ?? ''
    const eve = await someoneWith()
    await house.door.complete(eve.id, 'todoist', id, signal())
    assert.equal((await statusOf(ada.email, id))?.checked, false)
    const stranger = await house.person()
    const refused = house.door.complete(stranger.id, 'todoist', id, signal())
    await assert.rejects(
      refused,
      (error: unknown) => error instanceof Problem && error.code === 'source_not_connected',
    )
  })
})
