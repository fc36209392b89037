// R5: a tip is never blocked. Between the api and each neighbour stands a proxy that does what bad networks and bad
// servers do; every request must get a whole answer, in time. The control waits for ml too long and must be seen.
import { setTimeout as delay } from 'node:timers/promises'
import { type Besieged, besiege, type Neighbour, neighbours } from './besieged.ts'
import { type Fault, type FaultProxy, faults } from './faultProxy.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { type Siege, siege } from './siege.ts'

interface Counts {
  people: number
  requests: number
  faults: Record<Neighbour, readonly Fault[]>
  /** The promise is for a quiet machine; the short form runs beside other tests. */
  p99MostMs: number
}

const counts: Record<'short' | 'full', Counts> = {
  short: {
    people: 10,
    requests: 30,
    faults: { ml: ['frozen', 'garbage', 'down'], NATS: ['frozen'], Todoist: ['reset'] },
    p99MostMs: 1_500,
  },
  full: {
    people: 100,
    requests: 1_000,
    faults: { ml: faults, NATS: faults, Todoist: faults },
    p99MostMs: 150,
  },
}
/** Tasks are fresh for 30 s; only then does the next look go to the provider. */
const staleAfterMs = 31_000
const metWithinMs = 10_000
const warmWithinMs = 60_000
const breakerRestsMs = 1_100
const lookEveryMs = 50
const controlTimeoutMs = 3_000
const controlRequests = 8
const notBuilt = ['LLM', 'push']

interface Cell extends Siege {
  fault: Fault
  met: number
}

async function breakNeighbours(house: ProofHouse): Promise<ProofRow[]> {
  const chosen = house.full ? counts.full : counts.short
  const besieged = await besiege(house, chosen.people)
  await warm(house, besieged)
  const calm = await siege(besieged, chosen.requests, house.signal)
  const rows: ProofRow[] = []
  for (const name of neighbours) {
    // Warm memory that became old in the full form, cold memory in the short one: either way the provider is asked.
    if (name === 'Todoist' && house.full) await delay(staleAfterMs, undefined, { signal: house.signal })
    const cells: Cell[] = []
    for (const fault of chosen.faults[name]) {
      const proxy = besieged.proxies[name]
      await proxy.set(fault)
      if (name === 'Todoist' && !house.full) await besieged.restart()
      if (name === 'NATS' && fault !== 'down') await untilMet(proxy)
      const cell = { fault, ...(await siege(besieged, chosen.requests, house.signal)), met: proxy.met() }
      cells.push(cell)
      house.say(`${name} ${fault}: ${cell.valid} valid, p99 ${Math.round(cell.p99Ms)} ms, met ${cell.met}`)
      await proxy.set(null)
      await atRest(house, besieged)
    }
    rows.push(rowOf(name, cells, chosen, calm))
  }
  const control = (await waitsTooLong(house, besieged)) > chosen.p99MostMs ? 'caught' : 'missed'
  return [...rows.map(row => ({ ...row, control }) satisfies ProofRow), ...notBuilt.map(notRunRow)]
}

/** Through the proxies; until everybody's tasks are read. */
async function warm(house: ProofHouse, besieged: Besieged, settings?: Record<string, string>): Promise<void> {
  await besieged.restart(settings)
  const all = besieged.people.length
  const deadline = performance.now() + warmWithinMs
  while ((await siege(besieged, all, house.signal)).tips < all - Math.ceil(all / 10)) {
    if (performance.now() > deadline)
      throw new Error(`not everybody had a tip within ${warmWithinMs / 1_000} s although nothing was wrong`)
    await delay(lookEveryMs, undefined, { signal: house.signal })
  }
}

/** ml's breaker rests a second after a trouble and closes with the next success; then the next fault is met. */
async function atRest(house: ProofHouse, besieged: Besieged): Promise<void> {
  await delay(breakerRestsMs, undefined, { signal: house.signal })
  await siege(besieged, besieged.people.length, house.signal)
}

async function untilMet(proxy: FaultProxy): Promise<void> {
  const deadline = performance.now() + metWithinMs
  while (proxy.met() === 0 && performance.now() < deadline) await delay(lookEveryMs)
}

function rowOf(name: string, cells: readonly Cell[], { requests, p99MostMs }: Counts, calm: Siege): ProofRow {
  // What is refused at the door cannot be counted; everything else must have met its fault, or it shows nothing.
  const isMet = ({ fault, met }: Cell) => fault === 'down' || met > 0
  const held = cells.filter(cell => cell.valid === requests && cell.p99Ms <= p99MostMs && isMet(cell))
  const slow = cells.filter(({ p99Ms }) => p99Ms > p99MostMs)
  const told = ({ fault, p99Ms, met }: Cell) =>
    `${fault} ${Math.round(p99Ms)} ms${fault === 'down' ? '' : ` (met ${met} times)`}`
  return {
    id: 'R5',
    what: `recommend and react while ${name} is in trouble`,
    done: held.length,
    of: cells.length,
    unit: `faults × ${requests} requests`,
    lost: cells.reduce((sum, { valid }) => sum + requests - valid, 0),
    doubled: 0,
    control: 'none',
    notes: [
      `p99 at most ${p99MostMs} ms: ${cells.map(told).join(', ')}; without a fault ${Math.round(calm.p99Ms)} ms`,
      ...slow.map(({ fault }) => `${fault} is too slow: MISSED`),
      ...cells.filter(cell => !isMet(cell)).map(({ fault }) => `${fault} was never met: it shows nothing`),
      ...cells.flatMap(({ examples }) => examples).slice(0, 5),
    ],
  }
}

const notRunRow = (name: string): ProofRow => ({
  id: 'R5',
  what: `recommend and react while ${name} is in trouble`,
  done: 0,
  of: faults.length,
  unit: 'faults',
  lost: 0,
  doubled: 0,
  control: 'none',
  notRun: 'oO does not talk to it yet, so there is nothing to break.',
  notes: [],
})

/** The control: an api that waits 3 s for ml; answers its p99 while ml is frozen. */
async function waitsTooLong(house: ProofHouse, besieged: Besieged): Promise<number> {
  await warm(house, besieged, { ML_TIMEOUT_MS: String(controlTimeoutMs) })
  await besieged.proxies.ml.set('frozen')
  const { p99Ms } = await siege(besieged, controlRequests, house.signal)
  house.say(`control: p99 ${Math.round(p99Ms)} ms where the api waits ${controlTimeoutMs} ms for ml`)
  return p99Ms
}

export const proof: Proof = { id: 'R5', what: 'a tip is never blocked', alone: true, run: breakNeighbours }
