// R1: clients react without a pause while parts of the instance are killed at random moments and started again. Every
// reaction that was answered with 200 must be in the database exactly once afterwards, and told of exactly once.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startNats } from '@oo/local'
import { percentile } from '../bench/statistics.ts'
import { clientCount, type Part, refill, tryOnce } from './killing.ts'
import { againstLog, countOnStream, idsInLog, idsOnStream } from './mirrored.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { openReactingHouse, type ReactingHouse } from './reactingHouse.ts'

const backWithinMs = 5_000
const mirroredWithinMs = { short: 20_000, full: 600_000 }
const lookEveryMs = 100

interface Counts {
  kills: number
  people: number
  /** Tips for each person at a time. */
  each: number
}

const counts = {
  short: { kills: 1, people: 20, each: 200 },
  full: { kills: 100, people: 200, each: 20 },
} satisfies Record<string, Counts>

async function killLoops(house: ProofHouse): Promise<ProofRow[]> {
  const chosen = house.full ? counts.full : counts.short
  const nats = await openNats(house)
  const wishes = { apiSettings: async () => ({ NATS_URL: nats.url }) }
  const reacting = await openReactingHouse(house, { people: chosen.people, wishes })
  const { api, ml, postgres } = reacting.instance
  const all: Part = {
    kill: async () => void (await Promise.all([api, ml, postgres, nats].map(part => part.kill()))),
    async start() {
      await Promise.all([postgres.start(), nats.start()])
      await Promise.all([api.start(), ml.start()])
    },
  }
  const targets: [string, Part][] = [
    ['api', api],
    ['ml', ml],
    ['NATS', nats],
    ['Postgres', postgres],
    ['all at once', all],
  ]
  const rows: ProofRow[] = []
  for (const [name, part] of targets)
    rows.push(await killOften(house, reacting, { name, part, counts: chosen }))
  const mirror = await compareMirror(house, reacting, nats.url)
  const control = (await loosensAndLoses(house, reacting)) ? 'caught' : 'missed'
  return [...rows.map(row => ({ ...row, control }) satisfies ProofRow), mirror]
}

async function killOften(
  house: ProofHouse,
  reacting: ReactingHouse,
  { name, part, counts: { kills, each } }: { name: string; part: Part; counts: Counts },
): Promise<ProofRow> {
  const clients = reacting.clients(clientCount)
  const backMs: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    await refill(house, reacting, clients, each)
    backMs.push(await tryOnce(clients, part))
    if ((kill + 1) % 10 === 0)
      house.say(`${name}: ${kill + 1} of ${kills} kills, ${clients.ledger.size} acknowledged`)
  }
  await clients.stop()
  const { lost, doubled, taught, examples } = await reacting.compareLearned(clients)
  house.say(
    `${name}: ${kills} kills, ${lost} lost, ${doubled} doubled, of ${clients.ledger.size} acknowledged`,
  )
  const [p50, p99] = [percentile(backMs, 0.5), percentile(backMs, 0.99)]
  return {
    id: 'R1',
    what: `kill -9 of ${name}`,
    done: kills,
    of: kills,
    unit: 'kills',
    lost,
    doubled,
    control: 'none',
    notes: [
      `${clients.ledger.size.toLocaleString('en')} acknowledged, ${taught.toLocaleString('en')} learned; back to the first 200 after p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms (goal ≤ ${backWithinMs} ms${p99 > backWithinMs ? ', MISSED' : ''}); ${clients.unanswered()} asked again`,
      ...clients.strange.map(answer => `a strange answer: ${answer}`),
      ...examples,
    ],
  }
}

async function openNats(house: ProofHouse): Promise<Part & { url: string }> {
  const dataDir = join(house.folder, 'nats')
  let nats = await startNats({ dataDir })
  house.keep(() => nats.stop())
  return {
    url: nats.url,
    kill: () => nats.kill(),
    async start() {
      nats = await startNats({ dataDir })
    },
  }
}

/** After all of it the stream has every event of the log once. */
async function compareMirror(house: ProofHouse, reacting: ReactingHouse, url: string): Promise<ProofRow> {
  const logged = await reacting.asOwner(idsInLog)
  const deadline = performance.now() + (house.full ? mirroredWithinMs.full : mirroredWithinMs.short)
  while ((await countOnStream(url)) < logged.length && performance.now() < deadline)
    await delay(lookEveryMs, undefined, { signal: house.signal })
  const { lost, doubled, reordered } = againstLog(logged, await idsOnStream(url))
  return {
    id: 'R1',
    what: 'the mirror after all kills',
    done: logged.length - lost,
    of: logged.length,
    unit: 'events',
    lost,
    doubled,
    control: 'none',
    notes: [
      `${reordered} on the stream behind a later one of the log; the control of this comparison is R13's`,
    ],
  }
}

/** The control: an api that acknowledges before its commit is on the disk loses, and the comparison must see it. */
async function loosensAndLoses(house: ProofHouse, reacting: ReactingHouse): Promise<boolean> {
  const { instance } = reacting
  const url = `${instance.postgres.url('oo_api')}&options=${encodeURIComponent('-c synchronous_commit=off')}`
  await Promise.all([instance.api.stop(), instance.ml.stop()])
  const careless = instance.apiWith({ DATABASE_URL: url })
  await careless.start()
  const clients = reacting.clients(clientCount)
  let lost = 0
  for (let tries = 0; tries < 5 && lost === 0; tries++) {
    await refill(house, reacting, clients, 100)
    await tryOnce(clients, instance.postgres)
    lost = (await reacting.compare(clients)).lost
    house.say(`control: ${lost} of ${clients.ledger.size} lost where commits do not wait for the disk`)
  }
  await clients.stop()
  await careless.stop()
  return lost > 0
}

export const proof: Proof = {
  id: 'R1',
  what: 'an acknowledged reaction survives kill -9',
  run: killLoops,
}
