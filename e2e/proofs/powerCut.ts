// R2: the same clients, while the disk under the database loses its power at random moments. What the kernel had not
// yet written is gone; what was acknowledged must not be. The control runs without fsync and must lose.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { percentile } from '../bench/statistics.ts'
import { type OwnDatabase, ownDatabase } from '../ownDatabase.ts'
import { type Disk, makeDisk, NotAllowed } from './disk.ts'
import { clientCount, type Part, randomQuietMs, refill, tryOnce } from './killing.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { openReactingHouse, type ReactingHouse } from './reactingHouse.ts'

const counts = {
  short: { cuts: 2, people: 20, each: 200 },
  full: { cuts: 200, people: 200, each: 20 },
}
const diskBytes = 4 * 1024 ** 3
const what = 'power cut under the database'

async function powerCut(house: ProofHouse): Promise<ProofRow[]> {
  const { cuts, people, each } = house.full ? counts.full : counts.short
  const empty: ProofRow = {
    id: 'R2',
    what,
    done: 0,
    of: cuts,
    unit: 'cuts',
    lost: 0,
    doubled: 0,
    control: 'none',
    notes: [],
  }
  let disk: Disk
  try {
    disk = await makeDisk(house.folder, diskBytes)
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error
    return [{ ...empty, notRun: error.message }]
  }
  house.keep(() => disk.remove())
  const database = await ownDatabase({ dataDir: join(disk.folder, 'data') })
  house.keep(() => database.stop())
  const reacting = await openReactingHouse(house, { people, wishes: { database } })
  const clients = reacting.clients(clientCount)
  const power = powerOf(disk, database)
  const backMs: number[] = []
  for (let cut = 0; cut < cuts; cut++) {
    await refill(house, reacting, clients, each)
    backMs.push(await tryOnce(clients, power))
    if ((cut + 1) % 20 === 0) house.say(`${cut + 1} of ${cuts} cuts, ${clients.ledger.size} acknowledged`)
  }
  await clients.stop()
  const { lost, doubled, taught, examples } = await reacting.compareLearned(clients)
  const control = (await losesWithoutFsync(house, reacting, { disk, database })) ? 'caught' : 'missed'
  const [p50, p99] = [percentile(backMs, 0.5), percentile(backMs, 0.99)]
  const told = `${clients.ledger.size.toLocaleString('en')} acknowledged, ${taught.toLocaleString('en')} learned; back to the first 200 after p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms`
  return [{ ...empty, done: cuts, lost, doubled, control, notes: [told, ...clients.strange, ...examples] }]
}

/** The disk ends first, all at once; the server only learns of it. */
const powerOf = (disk: Disk, database: OwnDatabase): Part => ({
  async kill() {
    await disk.cutPower()
    await database.kill()
  },
  async start() {
    await disk.comeBack()
    await database.start()
  },
})

async function losesWithoutFsync(
  house: ProofHouse,
  reacting: ReactingHouse,
  { disk, database }: { disk: Disk; database: OwnDatabase },
): Promise<boolean> {
  await database.start({ throwaway: true })
  const clients = reacting.clients(clientCount)
  await refill(house, reacting, clients, 100)
  await clients.firstAnswerAfter(performance.now())
  await delay(randomQuietMs())
  const power = powerOf(disk, database)
  await power.kill()
  await clients.stop()
  try {
    await power.start()
  } catch (error) {
    house.say(`control: without fsync the database does not come back: ${String(error).slice(0, 200)}`)
    return true
  }
  const { lost } = await reacting.compare(clients)
  house.say(`control: ${lost} of ${clients.ledger.size} lost without fsync`)
  return lost > 0
}

export const proof: Proof = { id: 'R2', what: 'an acknowledged reaction survives a power cut', run: powerCut }
