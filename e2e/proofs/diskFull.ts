// R10: the disk under the database is filled to the last page while clients react. What cannot be kept must be refused,
// with 503 and nothing else; what was acknowledged must be there; and with space again all goes on.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type OwnDatabase, ownDatabase } from '../ownDatabase.ts'
import type { Clients } from './clients.ts'
import { makeSmallDisk, NotAllowed, type SmallDisk } from './disk.ts'
import { clientCount, refill, tryOnce } from './killing.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { openReactingHouse, type ReactingHouse } from './reactingHouse.ts'

const counts = { short: { fills: 2, people: 10, each: 200 }, full: { fills: 50, people: 100, each: 40 } }
const diskBytes = 320 * 1024 ** 2
const refusedWithinMs = 20_000
const staysFullMs = 300
const lookEveryMs = 20
const controlTries = 10

interface Full {
  house: ProofHouse
  reacting: ReactingHouse
  disk: SmallDisk
  database: OwnDatabase
}

async function diskFull(house: ProofHouse): Promise<ProofRow[]> {
  const { fills, people, each } = house.full ? counts.full : counts.short
  const empty: ProofRow = {
    id: 'R10',
    what: 'the disk under the database is full',
    done: 0,
    of: fills,
    unit: 'fills',
    lost: 0,
    doubled: 0,
    control: 'none',
    notes: [],
  }
  const disk = await makeSmallDisk(house.folder, diskBytes).catch((error: unknown) => {
    if (error instanceof NotAllowed) return error
    throw error
  })
  if (disk instanceof NotAllowed) return [{ ...empty, notRun: disk.message }]
  house.keep(() => disk.remove())
  const database = await ownDatabase({ dataDir: join(disk.folder, 'data') })
  house.keep(() => database.stop())
  const reacting = await openReactingHouse(house, { people, wishes: { database } })
  const full = { house, reacting, disk, database }
  const clients = reacting.clients(clientCount)
  let done = 0
  for (let fill = 0; fill < fills; fill++) {
    await refill(house, reacting, clients, each)
    if (await fillOnce(full, clients)) done += 1
    if ((fill + 1) % 10 === 0) house.say(`${fill + 1} of ${fills} fills, ${clients.ledger.size} acknowledged`)
  }
  await clients.stop()
  const { lost, doubled, taught, examples } = await reacting.compareLearned(clients)
  const control = (await losesWhatWaits(full)) ? 'caught' : 'missed'
  const statuses = [...clients.statuses].toSorted(([a], [b]) => a - b)
  const told = statuses.map(([status, times]) => `${status || 'no answer'}: ${times}`)
  return [
    {
      ...empty,
      done,
      lost,
      doubled,
      control,
      notes: [
        `${clients.ledger.size.toLocaleString('en')} acknowledged, ${taught.toLocaleString('en')} learned; answers ${told.join(', ')}`,
        ...clients.strange,
        ...examples,
      ],
    },
  ]
}

/** Answers whether the full disk was met by refusals alone, and by at least one. */
async function fillOnce({ house, disk, database }: Full, clients: Clients): Promise<boolean> {
  await clients.firstAnswerAfter(performance.now())
  const before = new Map(clients.statuses)
  const since = (status: number) => (clients.statuses.get(status) ?? 0) - (before.get(status) ?? 0)
  await disk.fill()
  const deadline = performance.now() + refusedWithinMs
  while (since(503) === 0 && performance.now() < deadline)
    await delay(lookEveryMs, undefined, { signal: house.signal })
  await delay(staysFullMs)
  const refused = since(503)
  await disk.makeSpace()
  // A server that could not write its log has ended itself, and whoever runs it starts it again.
  if (!(await database.answers())) await database.start()
  await clients.firstAnswerAfter(performance.now())
  const others = [...clients.statuses.keys()].filter(
    status => ![200, 429, 503].includes(status) && since(status) > 0,
  )
  if (refused === 0) house.say('nothing was refused although the disk was full')
  if (others.length > 0) house.say(`the full disk was met by ${others.join(', ')} too`)
  return refused > 0 && others.length === 0
}

/** The control: an api whose commits wait in memory, and a server that ends on the full disk. */
async function losesWhatWaits({ house, reacting, disk, database }: Full): Promise<boolean> {
  const { instance } = reacting
  await Promise.all([instance.api.stop(), instance.ml.stop()])
  const url = `${database.url('oo_api')}&options=${encodeURIComponent('-c synchronous_commit=off')}`
  const careless = instance.apiWith({ DATABASE_URL: url })
  await careless.start()
  const clients = reacting.clients(clientCount)
  const full = {
    async kill() {
      await disk.fill()
      await database.kill()
    },
    async start() {
      await disk.makeSpace()
      await database.start()
    },
  }
  let lost = 0
  for (let tries = 0; tries < controlTries && lost === 0; tries++) {
    await refill(house, reacting, clients, 100)
    await tryOnce(clients, full)
    lost = (await reacting.compare(clients)).lost
  }
  house.say(`control: ${lost} of ${clients.ledger.size} lost where commits wait in memory`)
  await clients.stop()
  await careless.stop()
  return lost > 0
}

export const proof: Proof = { id: 'R10', what: 'a full disk is a refusal, not a loss', run: diskFull }
