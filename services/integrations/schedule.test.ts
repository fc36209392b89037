import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { frozenClock, seededRandom } from '@oo/kernel'
import { until } from '@oo/local'
import { type House, openHouse, type Someone } from './testHouse.ts'
import { nextTurn, turnAfterTrouble } from './turns.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

const intervalMs = 600_000

/** Nobody of the test before has a turn. */
async function connected(many: number): Promise<Someone[]> {
  await house.rows('DELETE FROM integrations.grants')
  const people = await Promise.all(Array.from({ length: many }, () => house.person()))
  for (const someone of people) await house.connect(someone)
  return people
}

/** All that is due is done, by as many rounds as it takes. */
async function settle(): Promise<void> {
  await house.looks.round()
  await house.looks.idle()
}

interface Turn {
  looks: number
  failures: number
  inMs: number
}

async function turnOf({ id }: Someone): Promise<Turn> {
  const [row] = await house.rows(
    'SELECT looks, look_failures AS failures, look_at FROM integrations.grants WHERE person_id = $1',
    [id],
  )
  return { ...row, inMs: row.look_at ? row.look_at.getTime() - house.clock.now().getTime() : 0 }
}

const askedOf = async (someone: Someone): Promise<number> => {
  const { whole, partial } = await house.spent(someone)
  return whole + partial
}

test('everybody has their turn, however many they are, and the next one within the interval', async () => {
  const people = await connected(40)
  await settle()
  const turns = await Promise.all(people.map(turnOf))
  for (const { looks, inMs } of turns) {
    assert.equal(looks, 1)
    assert.ok(inMs >= 0.8 * intervalMs && inMs <= intervalMs, `${inMs}`)
  }
  assert.ok(new Set(turns.map(({ inMs }) => inMs)).size > 30, 'not all at once')
  await settle()
  assert.equal((await Promise.all(people.map(turnOf))).filter(({ looks }) => looks > 1).length, 0)
})

test('two processes share the turns: nobody is looked at twice', async () => {
  const people = await connected(20)
  const other = house.another()
  await Promise.all([house.looks.round(), other.looks.round()])
  await Promise.all([house.looks.idle(), other.looks.idle()])
  for (const someone of people) assert.equal((await turnOf(someone)).looks, 1)
  for (const someone of people) assert.equal(await askedOf(someone), 2, 'who they are, and what they have')
})

test('one person whose account does not answer delays nobody, and is tried again sooner than after an interval', async () => {
  const [stuck, ...others] = await connected(30)
  assert.ok(stuck)
  await house.troubleFor(stuck, 'hang')
  await house.looks.round()
  const begun = performance.now()
  await until('all others had their turn', async () => {
    const turns = await Promise.all(others.map(turnOf))
    return turns.every(({ looks }) => looks === 1)
  })
  const tookMs = performance.now() - begun
  assert.equal((await turnOf(stuck)).looks, 0)
  assert.ok(tookMs < 4_000, `${tookMs} ms`)
  await house.looks.idle()
  const { failures, inMs } = await turnOf(stuck)
  assert.equal(failures, 1)
  assert.ok(inMs > 20_000 && inMs <= 30_000, `${inMs}`)
  await house.troubleFor(stuck, 'garbage')
  house.clock.advance(30_000)
  await settle()
  assert.equal((await turnOf(stuck)).failures, 2)
  await house.troubleFor(stuck, 'none')
  house.clock.advance(60_000)
  await settle()
  const healed = await turnOf(stuck)
  assert.deepEqual([healed.looks, healed.failures], [1, 0])
})

test('Retry-After is kept to the second, by every process and for every kind of call', async () => {
  const [someone] = await connected(1)
  assert.ok(someone)
  await house.fault('429', { ms: 90_000, count: 1 })
  await settle()
  assert.equal((await turnOf(someone)).inMs, 90_000)
  const asked = await house.asked('')
  house.clock.advance(89_000)
  const other = house.another()
  await other.looks.round()
  await other.looks.idle()
  assert.equal((await other.door.openTasks(someone.id, { waitMs: 500 })).state, 'away')
  const refused = other.door.complete(someone.id, 'todoist', 'any', AbortSignal.timeout(2_000))
  await assert.rejects(refused, { retryAfterSeconds: 1 })
  assert.equal(await house.asked(''), asked, 'nobody was sent out')
  house.clock.advance(1_000)
  await settle()
  assert.equal((await turnOf(someone)).looks, 1)
})

test('a look that was killed is repeated after a minute', async () => {
  const [someone] = await connected(1)
  assert.ok(someone)
  const later = house.clock.now().getTime() + 60_000
  await house.rows('UPDATE integrations.grants SET look_at = $2 WHERE person_id = $1', [
    someone.id,
    new Date(later),
  ])
  await settle()
  assert.equal((await turnOf(someone)).looks, 0)
  house.clock.advance(60_000)
  await settle()
  assert.equal((await turnOf(someone)).looks, 1)
})

test('while the provider is away nobody is sent out, and all are looked at when it is back', async () => {
  const people = await connected(15)
  await house.fault('500')
  await settle()
  const asked = await house.asked('')
  await settle()
  assert.equal(await house.asked(''), asked)
  await house.fault('none')
  house.clock.advance(40_000)
  await settle()
  for (const someone of people) assert.equal((await turnOf(someone)).looks, 1)
})

test('pauses grow with every failure up to the interval, and never end before the provider wants', () => {
  const turns = {
    clock: frozenClock('2026-05-04T10:00:00Z'),
    random: seededRandom(1),
    lookEveryMs: intervalMs,
  }
  const inMs = (at: Date) => at.getTime() - turns.clock.now().getTime()
  const pauses = [0, 1, 2, 3, 4, 5, 40].map(failures =>
    inMs(turnAfterTrouble(turns, { failures, retryAfterSeconds: undefined })),
  )
  const most = [30_000, 60_000, 120_000, 240_000, 480_000, intervalMs, intervalMs]
  for (const [at, pause] of pauses.entries())
    assert.ok(pause <= (most[at] ?? 0) && pause >= 0.8 * (most[at] ?? 0), `${at}: ${pause}`)
  assert.equal(inMs(turnAfterTrouble(turns, { failures: 1, retryAfterSeconds: 900 })), 900_000)
  const always = inMs(turnAfterTrouble(turns, { failures: 9, retryAfterSeconds: 1 }))
  assert.ok(always >= 0.8 * intervalMs, 'one that says a second every time is not asked every second')
  for (let times = 0; times < 100; times++) assert.ok(inMs(nextTurn(turns)) <= intervalMs)
})
