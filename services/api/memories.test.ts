import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { after, before, mock, test } from 'node:test'
import { until } from '@oo/local'
import pg from 'pg'
import { type Answered, type Person, startInstance } from './testInstance.ts'
import { nextTask } from './testTips.ts'

// Two copies of the api over one database. Each test lets both know the tip, ends it at the first one, and asks
// both: what ended is never served again, here at once, there as soon as it heard.
let instance: Awaited<ReturnType<typeof startInstance>>
let copy: Awaited<ReturnType<(typeof instance)['another']>>
before(async () => {
  instance = await startInstance()
  copy = await instance.another()
})
after(() => instance.stop())

/** The last question that each copy's listening connection has answered: it had heard all that was told before it. */
const questions = new Map<pg.Client, number>()
let asks = 0

/** What was asked of the database on behalf of one request; what runs beside it is not counted. */
const asking = new AsyncLocalStorage<string[]>()
const { query } = pg.Client.prototype
mock.method(pg.Client.prototype, 'query', function (this: pg.Client, ...args: unknown[]) {
  const [asked] = args
  asking.getStore()?.push(typeof asked === 'string' ? asked : JSON.stringify(asked).slice(0, 200))
  const answer: unknown = Reflect.apply(query, this, args)
  if (asked === 'LISTEN oo_changes') questions.set(this, 0)
  if (asked === 'SELECT 1' && questions.has(this) && answer instanceof Promise) {
    const number = ++asks
    answer.then(
      () => questions.set(this, number),
      () => questions.delete(this),
    )
  }
  return answer
})

async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = []
  await asking.run(statements, work)
  return statements
}

const recommend = (person: Person) => person.send('POST', '/api/recommend')
const idOf = ({ body }: Answered): string | null =>
  typeof body.tip === 'object' && body.tip && 'id' in body.tip ? String(body.tip.id) : null

/** Somebody with a tip on two devices, each at another copy; both know it by heart. */
async function onTwoDevices(email: string) {
  const here = await instance.signIn(email)
  assert.match(await here.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const there = copy.stranger()
  there.takeOver(here.sid())
  const { id: tip } = await nextTask(here)
  for (const device of [here, there, here, there]) assert.equal(idOf(await recommend(device)), tip)
  return { here, there, tip }
}

/** At the latest once every copy was asked whether it heard; between two such questions is less than a second. */
async function onceHeard(holds: () => Promise<boolean>): Promise<void> {
  const before = asks
  // Rests in between: answers from memory alone would leave no turn in which a notice is heard.
  await until(
    'the other copy knows',
    async () => {
      const hasHeard = questions.size === 2 && [...questions.values()].every(number => number > before)
      const isSo = await holds()
      assert.ok(isSo || !hasHeard, 'the other copy heard of it and answers as before')
      return isSo
    },
    60_000,
  )
}

test('the tip that still holds is answered without a word to the database', async () => {
  const { here } = await onTwoDevices('again@example.test')
  assert.deepEqual(await statementsOf(() => recommend(here)), [])
})

test('a reaction and the new decision after it cost a group each, and at most three reads', async () => {
  const { here, tip } = await onTwoDevices('counted@example.test')
  const react = () => here.send('POST', '/api/feedback', { tipId: tip, reaction: 'dismiss' })
  assert.equal((await statementsOf(react)).length, 7)
  const decided = await statementsOf(() => recommend(here))
  assert.ok(decided.length <= 6 + 3, decided.join('\n'))
})

test('a tip that was answered is not served again, on either copy', async () => {
  const { here, there, tip } = await onTwoDevices('answered@example.test')
  await here.send('POST', '/api/feedback', { tipId: tip, reaction: 'dismiss' })
  assert.notEqual(idOf(await recommend(here)), tip)
  await onceHeard(async () => idOf(await recommend(there)) !== tip)
  assert.equal(idOf(await recommend(there)), idOf(await recommend(here)))
})

test('a pause holds on both copies, and so does its end', async () => {
  const { here, there, tip } = await onTwoDevices('paused@example.test')
  await here.send('POST', '/api/profile/pause', {})
  assert.equal(idOf(await recommend(here)), null)
  await onceHeard(async () => idOf(await recommend(there)) === null)
  assert.ok((await here.send('DELETE', '/api/profile/pause')).status < 300)
  assert.ok(idOf(await recommend(here)))
  await onceHeard(async () => idOf(await recommend(there)) !== null)
  assert.ok(tip)
})

test('a consent that was withdrawn ends the tip on both copies', async () => {
  const { here, there, tip } = await onTwoDevices('withdrawn@example.test')
  const withdrawal = { purpose: 'sync', version: '1', granted: false }
  const answered = await here.send('PUT', '/api/profile/consents', withdrawal)
  assert.equal(answered.status, 200, JSON.stringify(answered.body))
  // Advice needs no such consent.
  const isAdvice = ({ body }: Answered) => JSON.stringify(body.tip).includes('"kind":"advice"')
  const ended = (answered: Answered) => idOf(answered) !== tip && isAdvice(answered)
  assert.ok(ended(await recommend(here)))
  await onceHeard(async () => ended(await recommend(there)))
})

test('who signed out is nobody, on both copies', async () => {
  const { here, there } = await onTwoDevices('out@example.test')
  const sid = here.sid()
  assert.ok((await here.send('POST', '/api/auth/logout')).status < 400)
  here.takeOver(sid)
  assert.equal((await recommend(here)).status, 401)
  await onceHeard(async () => (await recommend(there)).status === 401)
})

test('who is being erased is nobody on either copy, and no words of theirs come back', async () => {
  const { here, there } = await onTwoDevices('erased@example.test')
  const sid = here.sid()
  assert.ok((await here.send('DELETE', '/api/profile', { confirm: 'delete' })).status < 400)
  here.takeOver(sid)
  assert.equal((await recommend(here)).status, 401)
  await onceHeard(async () => (await recommend(there)).status === 401)
})
