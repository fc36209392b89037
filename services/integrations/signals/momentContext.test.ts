import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { transaction } from '@oo/kernel'
import { purposes } from '@oo/profile'
import type { Purpose } from '@oo/shared-types'
import { type House, openHouse, requestBy, type Someone } from '../testHouse.ts'
import { hear } from './hear.ts'
import { nothingKnown } from './momentContext.ts'
import { signalTypes, type Told } from './signal.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.stop())

async function agreed(...to: Purpose[]) {
  const someone = await house.person()
  for (const purpose of to) {
    const body = { purpose, version: purposes[purpose].version, granted: true }
    await house.profile.module.handlers.putConsent(requestBy<'putConsent'>(someone, { body }))
  }
  return someone
}

const tell = (someone: Someone, signals: Told[], source = 'page') =>
  transaction(house.db, tx =>
    hear({ clock: house.clock, profiles: house.profile.door, events: house.events.door }, tx, someone.id, {
      source,
      signals,
    }),
  )

const known = async ({ id }: Someone, door = house.door) =>
  door.contextOf(id, (await house.profile.door.wishes(id)).consents)

const close = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`)

test('mood and sleep are believed in full up to their target age, then less, and not at all in the end', async () => {
  const ada = await agreed('mood', 'sleep')
  assert.deepEqual(await known(ada), nothingKnown)
  await tell(ada, [
    { type: 'mood', value: -0.8 },
    { type: 'sleep', value: 0.4 },
  ])
  const begun = house.clock.now().getTime()
  const at = async (ms: number) => {
    house.clock.advance(begun + ms - house.clock.now().getTime())
    return known(ada)
  }
  const { mood, sleep } = signalTypes
  assert.deepEqual(await at(0), { ...nothingKnown, mood: -0.8, sleep: 0.4 })
  assert.deepEqual(await at(mood.targetAgeMs), { ...nothingKnown, mood: -0.8, sleep: 0.4 })
  close((await at((mood.targetAgeMs + mood.longestAgeMs) / 2)).mood, -0.4)
  const justBefore = (await at(mood.longestAgeMs - 1)).mood
  assert.ok(justBefore !== null && justBefore < 0 && justBefore > -1e-6)
  assert.equal((await at(mood.longestAgeMs)).mood, null)
  assert.equal((await at(sleep.targetAgeMs)).sleep, 0.4)
  close((await at((sleep.targetAgeMs + sleep.longestAgeMs) / 2)).sleep, 0.7)
  close((await at(sleep.longestAgeMs - 1)).sleep, 1)
  assert.deepEqual(await at(sleep.longestAgeMs), nothingKnown)
})

test('a busy that is older than its target is not known any more', async () => {
  const ada = await agreed('calendar')
  await tell(ada, [{ type: 'busy', value: true }])
  assert.equal((await known(ada)).busy, true)
  house.clock.advance(signalTypes.busy.targetAgeMs)
  assert.equal((await known(ada)).busy, true)
  house.clock.advance(1)
  assert.equal((await known(ada)).busy, null)
})

test('of several sources the last to measure is right', async () => {
  const ada = await agreed('mood')
  const measuredAt = new Date(house.clock.now().getTime() - 1_000)
  await tell(ada, [{ type: 'mood', value: 0.5 }])
  await tell(ada, [{ type: 'mood', value: -1, measuredAt }], 'ingress:a')
  assert.equal((await known(ada)).mood, 0.5)
})

test('only what was agreed to is known, at once after a change, and elsewhere too', async () => {
  const ada = await agreed('mood', 'sleep')
  const there = house.another().door
  await tell(ada, [
    { type: 'mood', value: 0.5 },
    { type: 'sleep', value: 0.5 },
  ])
  assert.deepEqual(await known(ada), { ...nothingKnown, mood: 0.5, sleep: 0.5 })
  assert.deepEqual(await known(ada, there), { ...nothingKnown, mood: 0.5, sleep: 0.5 })
  await tell(ada, [{ type: 'mood', value: 0.75, measuredAt: house.clock.now() }])
  assert.equal((await known(ada)).mood, 0.75)
  const body = { purpose: 'mood' as const, version: purposes.mood.version, granted: false }
  await house.profile.module.handlers.putConsent(requestBy<'putConsent'>(ada, { body }))
  assert.deepEqual(await known(ada), { ...nothingKnown, sleep: 0.5 })
})

test('who agreed to nothing costs no read, and who did costs one until something changes', async () => {
  const nobody = await house.person()
  const ada = await agreed('mood')
  await tell(ada, [{ type: 'mood', value: 1 }])
  const [none, some] = [
    (await house.profile.door.wishes(nobody.id)).consents,
    (await house.profile.door.wishes(ada.id)).consents,
  ]
  const reads = await countReads(async () => {
    await house.door.contextOf(nobody.id, none)
    for (let times = 0; times < 5; times++) await house.door.contextOf(ada.id, some)
  })
  assert.equal(reads, 1)
})

/** How often signals were read meanwhile, as the driver saw it. */
async function countReads(work: () => Promise<void>): Promise<number> {
  const { $client } = house.db
  const query = $client.query.bind($client)
  let reads = 0
  Object.assign($client, {
    query: (...given: Parameters<typeof query>) => {
      reads += 1
      return query(...given)
    },
  })
  try {
    await work()
  } finally {
    Object.assign($client, { query })
  }
  return reads
}
