// R3: every reward is in what was learned exactly once, though it is delivered up to five times, out of order, to
// several ml processes that are killed meanwhile: each posterior is bit-equal to learning alone and in order.
import { createTestDatabase, freePort } from '@oo/local'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { numberOf, runPythonProof } from './pythonProof.ts'

interface Counts {
  deliveries: number
  people: number
  events: number
  killEveryS: number
  mostKills: number
}

/** An event is delivered three times on average. Many people with a few dozen rewards each: what is out of order folds
 * its person anew, which costs as much as that person has. */
const counts = {
  short: { deliveries: 10_000, people: 60, events: 60, killEveryS: 0.4, mostKills: 2 },
  full: { deliveries: 1_000_000, people: 4_000, events: 84, killEveryS: 3, mostKills: 10_000 },
} satisfies Record<string, Counts>
const control: Counts = { deliveries: 0, people: 10, events: 20, killEveryS: 60, mostKills: 0 }
const scorers = 2

async function exactlyOnce(house: ProofHouse): Promise<ProofRow[]> {
  const chosen = house.full ? counts.full : counts.short
  const told = await deliver(house, chosen)
  const broken = await deliver(house, control, 'ids')
  const n = (name: string) => numberOf(told, name)
  // A posterior can differ without a wrong count; it counts as a loss all the same.
  const lost = n('lost') + (n('lost') + n('doubled') === 0 ? n('different') : 0)
  return [
    {
      id: 'R3',
      what: 'rewards learned exactly once',
      // Without a kill it would say nothing of kills.
      done: n('kills') > 0 ? n('deliveries') : 0,
      of: chosen.deliveries,
      unit: 'deliveries',
      lost,
      doubled: n('doubled'),
      control: numberOf(broken, 'doubled') > 0 ? 'caught' : 'missed',
      notes: [
        `${n('events')} events of ${chosen.people} people, ${scorers} ml processes, ${n('kills')} kills, ${n('again')} batches told again`,
        `${n('different')} posteriors differ in any bit; ${Math.round(n('deliveries') / n('seconds'))} deliveries/s`,
      ],
    },
  ]
}

async function deliver(house: ProofHouse, counted: Counts, without = ''): Promise<Record<string, unknown>> {
  const database = await createTestDatabase()
  house.keep(() => database.drop())
  const ports: number[] = []
  while (ports.length < scorers) ports.push(await freePort())
  const asked = { ...counted, database: database.url('oo_ml'), ports, without }
  return runPythonProof(house, 'exactlyOnce.py', asked)
}

export const proof: Proof = {
  id: 'R3',
  what: 'every reward is applied exactly once to the posterior',
  run: exactlyOnce,
}
