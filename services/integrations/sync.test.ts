import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '@oo/local'
import { type House, openHouse, type Someone } from './testHouse.ts'

let house: House
before(async () => {
  house = await openHouse()
  // A new subscriber begins at the end of the log.
  await house.events.drain()
})
after(() => house.stop())

/** Reads again until the words are as they should be; answers how the provider was asked for them. */
async function readUntil(someone: Someone, isSo: (texts: string[]) => boolean) {
  const before = await house.spent(someone)
  house.clock.advance(30_000)
  await until('the change is at hand', async () =>
    isSo((await house.door.openTasks(someone.id, { waitMs: 0 })).tasks.map(({ text }) => text)),
  )
  const now = await house.spent(someone)
  return { whole: now.whole - before.whole, partial: now.partial - before.partial }
}

async function connected() {
  const someone = await house.person()
  await house.connect(someone)
  const { id } = await house.addTask(someone, { content: 'Post the letter', priority: 2 })
  await house.door.openTasks(someone.id, { waitMs: 5_000 })
  return { someone, id }
}

test('only what changed is asked for: added, put under another, deleted and completed', async () => {
  const { someone, id } = await connected()
  const isChange = { whole: 0, partial: 1 }
  const child = await house.addTask(someone, { content: 'Buy stamps', parent_id: id })
  const both = (texts: string[]) => texts.includes('Buy stamps') && texts.includes('Post the letter')
  assert.deepEqual(await readUntil(someone, both), isChange)
  await house.control(`todoist/${someone.email}/tasks/${child.id}/delete`, {})
  assert.deepEqual(await readUntil(someone, texts => !texts.includes('Buy stamps')), isChange)
  await house.control(`todoist/${someone.email}/tasks/${id}/complete`, {})
  assert.deepEqual(await readUntil(someone, texts => !texts.includes('Post the letter')), isChange)
  const { tasks } = await house.door.openTasks(someone.id, { waitMs: 0 })
  assert.equal(tasks.length, 6, 'what nobody touched is still there')
})

test('a mark that the provider refuses, and one that has grown old, are answered with everything', async () => {
  const { someone, id } = await connected()
  await house.control(`todoist/${someone.email}/sync-tokens/expire`, {})
  await house.control(`todoist/${someone.email}/tasks/${id}/complete`, {})
  const refused = await readUntil(someone, texts => !texts.includes('Post the letter'))
  assert.deepEqual(refused, { whole: 1, partial: 1 })
  let whole = 0
  for (let minutes = 0; minutes < 245; minutes += 5) {
    house.clock.advance(270_000)
    await house.addTask(someone, { content: `After ${minutes} minutes` })
    whole += (await readUntil(someone, texts => texts.includes(`After ${minutes} minutes`))).whole
  }
  assert.equal(whole, 1, 'once in four hours')
})

test('a look asks for changes only, whether or not words are at hand, and another process goes on from there', async () => {
  const { someone, id } = await connected()
  await house.look(someone)
  const before = await house.spent(someone)
  await house.control(`todoist/${someone.email}/tasks/${id}/complete`, {})
  await house.look(someone, house.another())
  const now = await house.spent(someone)
  assert.deepEqual([now.whole - before.whole, now.partial - before.partial], [0, 1])
  assert.equal((await house.told(someone)).length, 1)
})

test('when the mark of the looks is refused, what closed meanwhile is still told, each once', async () => {
  const { someone, id } = await connected()
  await house.look(someone)
  await house.control(`todoist/${someone.email}/sync-tokens/expire`, {})
  await house.control(`todoist/${someone.email}/tasks/${id}/complete`, {})
  for (let times = 0; times < 3; times++) await house.look(someone)
  assert.deepEqual(
    (await house.told(someone)).map(({ externalId }) => externalId),
    [id],
  )
})

test('who withdrew the consent and gave it again hears of nothing that closed in between', async () => {
  const { someone, id } = await connected()
  await house.look(someone)
  await house.withdrawSync(someone)
  await house.events.drain()
  const [row] = await house.rows('SELECT changes_mark FROM integrations.grants WHERE person_id = $1', [
    someone.id,
  ])
  assert.equal(row.changes_mark, null)
  await house.control(`todoist/${someone.email}/tasks/${id}/complete`, {})
  await house.allowSync(someone)
  await house.look(someone)
  await house.look(someone)
  assert.deepEqual(await house.told(someone), [])
})

test('a completed occurrence of a recurring task is told once, with its time; one that was put off is not', async () => {
  const { someone } = await connected()
  const [done, later] = await Promise.all(
    ['Stretch', 'Water the plants'].map(content =>
      house.addTask(someone, { content, due_string: 'every day' }),
    ),
  )
  assert.ok(done && later)
  await house.look(someone)
  const windows: { from: number; until: number }[] = []
  const complete = async (task: { id: string }) => {
    const from = Date.now()
    await house.control(`todoist/${someone.email}/tasks/${task.id}/complete`, {})
    windows.push({ from, until: Date.now() })
  }
  await complete(done)
  await house.control(`todoist/${someone.email}/tasks/${later.id}/postpone`, { to: '2031-01-01' })
  await Promise.all([house.look(someone), house.look(someone)])
  await house.look(someone)
  const first = await house.told(someone)
  assert.deepEqual(
    first.map(({ externalId }) => externalId),
    [done.id],
  )
  for (const task of [done, done, later]) await complete(task)
  await house.look(someone)
  const all = await house.told(someone)
  assert.deepEqual(
    all.map(({ externalId }) => externalId).toSorted(),
    [done.id, done.id, done.id, later.id].toSorted(),
  )
  const times = all.map(({ atMs }) => atMs ?? Number.NaN).toSorted((a, b) => a - b)
  for (const [at, { from, until }] of windows.entries())
    assert.ok((times[at] ?? 0) >= from && (times[at] ?? 0) <= until, `${times[at]} in ${from}–${until}`)
})

test('completions of before the connection are not told, however the task moves afterwards', async () => {
  const someone = await house.person()
  const { id } = await house.addTask(someone, { content: 'Stretch', due_string: 'every day' })
  await house.control(`todoist/${someone.email}/tasks/${id}/complete`, {})
  await house.connect(someone)
  await house.look(someone)
  await house.control(`todoist/${someone.email}/tasks/${id}/postpone`, { to: '2031-01-01' })
  await house.look(someone)
  assert.deepEqual(await house.told(someone), [])
})
