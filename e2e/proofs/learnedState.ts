// R14: learned state is disposable. It is deleted or corrupted at random points while decisions go on; each time ml
// notices, and makes it anew bit for bit. The control does not look at checksums.
import { createTestDatabase, freePort } from '@oo/local'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { listOf, numberOf, runPythonProof } from './pythonProof.ts'

const counts = {
  short: { rounds: 10, people: 6, events: 60, healWithinS: 10 },
  full: { rounds: 100, people: 40, events: 1_000, healWithinS: 10 },
}
const control = { rounds: 1, people: 2, events: 20, healWithinS: 1, only: 'posterior bytes' }

async function learnedState(house: ProofHouse): Promise<ProofRow[]> {
  const chosen = house.full ? counts.full : counts.short
  const told = await damage(house, { ...chosen, only: '', without: '' })
  const broken = await damage(house, { ...control, without: 'checksums' })
  const n = (name: string) => numberOf(told, name)
  const [unhealed, unnoticed] = [listOf(told, 'unhealed'), listOf(told, 'unnoticed')]
  return [
    {
      id: 'R14',
      what: 'learned state deleted or corrupted',
      done: n('rounds'),
      of: chosen.rounds,
      unit: 'damages',
      lost: new Set([...unhealed, ...unnoticed]).size + n('failed'),
      doubled: 0,
      control: listOf(broken, 'unhealed').length > 0 ? 'caught' : 'missed',
      notes: [
        `${chosen.people} people with ${chosen.events} rewards each; whole again after p50 ${n('healP50Ms')} ms, at most ${n('healMostMs')} ms`,
        `${n('decisions')} decisions meanwhile, ${n('failed')} failed, the slowest ${n('slowestMs')} ms`,
        ...unhealed.map(name => `not made anew: ${name}`),
        ...unnoticed.map(name => `not noticed: ${name}`),
      ],
    },
  ]
}

async function damage(house: ProofHouse, asked: object): Promise<Record<string, unknown>> {
  const database = await createTestDatabase()
  house.keep(() => database.drop())
  const where = { database: database.url('oo_ml'), owner: database.superUrl, port: await freePort() }
  return runPythonProof(house, 'learnedState.py', { ...asked, ...where })
}

export const proof: Proof = {
  id: 'R14',
  what: 'learned state is disposable',
  alone: true,
  run: learnedState,
}
