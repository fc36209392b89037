// An instance in which many people have tips to react to: what the proofs of lost reactions share.
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { askEveryone, makePeople, type Person } from '../bench/people.ts'
import { reactAs } from '../bench/reactions.ts'
import { writeTips } from '../bench/tips.ts'
import { type Instance, startInstance, type Wishes } from '../instance.ts'
import { type Clients, startClients, type Task } from './clients.ts'
import { endOfLog, type Learned, waitUntilLearned } from './learned.ts'
import { type Comparison, compare, find } from './ledger.ts'
import type { ProofHouse } from './proof.ts'

export interface ReactingHouse {
  instance: Instance
  people: readonly Person[]
  /** On a connection of its own, because the database is killed in between. */
  asOwner<T>(use: (owner: pg.Client) => Promise<T>): Promise<T>
  clients(count: number): Clients
  /** So many more tips for each person, each to be reacted to once. */
  openTips(each: number): Promise<(Task & { person: Person })[]>
  /** The same, handed to the clients. */
  giveTips(clients: Clients, each: number): Promise<void>
  compare(clients: Clients): Promise<Comparison>
  /** The same, and what was learned of it, waited for. */
  compareLearned(clients: Clients): Promise<Learned>
}

const kinds = ['helpful', 'not_helpful', 'dismiss', 'wrong_time', 'wrong_thing']

export async function openReactingHouse(
  house: ProofHouse,
  input: { people: number; wishes?: Wishes },
): Promise<ReactingHouse> {
  const instance = await startInstance({ web: false, ownDatabase: true, ...input.wishes })
  house.keep(() => instance.stop())
  house.signal.throwIfAborted()
  const houses = { api: instance.apiUrl, sandbox: instance.sandboxUrl }
  const people = await makePeople(houses, input.people, house.signal)
  const answers = await askEveryone(instance.apiUrl, people, house.signal)
  const decisionOf = (person: Person) => answers.get(person)?.decisionId ?? ''
  const asOwner = <T>(use: (owner: pg.Client) => Promise<T>) => withOwner(instance, use)

  const began = new WeakMap<Clients, Promise<string>>()
  const compareKept = ({ ledger }: Clients) =>
    asOwner(async owner => compare(ledger, await find(owner, ledger)))
  const openTips = async (each: number) => {
    const written = await asOwner(owner => writeTips(owner, people.map(decisionOf), each))
    const tasks: (Task & { person: Person })[] = []
    for (let at = 0; at < each; at++)
      for (const person of people) {
        const tip = written.get(decisionOf(person))?.[at]
        const reaction = kinds[at % kinds.length] ?? ''
        if (tip) tasks.push({ tipId: tip.tip, reaction, person, ask: reactAs(person, tip.tip, reaction) })
      }
    return tasks
  }

  return {
    instance,
    people,
    asOwner,
    clients(count) {
      const clients = startClients({ url: instance.apiUrl, count, signal: house.signal })
      house.keep(() => clients.stop())
      // They have nothing to react to yet, so this is where their part of the log begins.
      const since = asOwner(endOfLog)
      since.catch(() => {})
      began.set(clients, since)
      return clients
    },
    openTips,
    async giveTips(clients, each) {
      await began.get(clients)
      clients.give(await openTips(each))
    },
    compare: compareKept,
    async compareLearned(clients) {
      const kept = await compareKept(clients)
      const limits = {
        since: (await began.get(clients)) ?? '0',
        signal: house.signal,
        withinMs: house.full ? learnedWithinMs.full : learnedWithinMs.short,
      }
      const learned = await asOwner(owner => waitUntilLearned(owner, clients.ledger, limits))
      return {
        lost: kept.lost + learned.lost,
        doubled: kept.doubled + learned.doubled,
        examples: [...kept.examples, ...learned.examples],
        taught: learned.taught,
      }
    },
  }
}

const learnedWithinMs = { short: 20_000, full: 600_000 }
const connectTries = 50
const betweenTriesMs = 100

async function withOwner<T>({ postgres }: Instance, use: (owner: pg.Client) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const owner = new pg.Client({ connectionString: postgres.url('oo_owner'), statement_timeout: 60_000 })
    owner.on('error', () => {})
    try {
      await owner.connect()
    } catch (error) {
      if (tries === connectTries) throw error
      await delay(betweenTriesMs)
      continue
    }
    try {
      return await use(owner)
    } finally {
      await owner.end().catch(() => {})
    }
  }
}
