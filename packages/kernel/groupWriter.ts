// Many callers, few commits: what arrived while one group was being written is the next group. There is no timer,
// one group is under way at a time, and everyone is answered only after the commit that holds their rows.
import { metrics } from '@opentelemetry/api'
import { databaseTrouble, isContention } from './databaseError.ts'
import { type Pool, type Tx, transaction } from './db.ts'
import { Problem, problems } from './problem.ts'

/** What became of one member: done, refused for a reason of its own, or to be written without the others. */
export type Outcome<Done> = { done: Done } | { refused: Error } | 'alone'

export interface GroupWork<Item, Done> {
  /** Names the writer in the metrics. */
  name: string
  /**
   * Writes the members in one transaction, one outcome each, in their order. Never waits for a row that somebody
   * else holds: such a member is written `alone`, and only then may it wait.
   */
  write(tx: Tx, members: readonly Item[], alone: boolean): Promise<Outcome<Done>[]>
}

export interface GroupWriter<Item, Done> {
  write(item: Item): Promise<Done>
  /** Takes nothing new; resolves when everyone who was taken has an answer. */
  stop(): Promise<void>
}

interface Member<Item, Done> {
  item: Item
  resolve(done: Done): void
  reject(error: unknown): void
}

const limits = { unanswered: 4_000, group: 200, aloneAtOnce: 4 }
// Plans are kept from when the tables were small: a group may never come to read one of them from end to end.
const settings = [`lock_timeout = '1s'`, 'enable_seqscan = off']

export function openGroupWriter<Item, Done>(
  db: Pool,
  work: GroupWork<Item, Done>,
  { unanswered: mostUnanswered, group: mostInGroup, aloneAtOnce } = limits,
): GroupWriter<Item, Done> {
  type Waiting = Member<Item, Done>
  const meter = metrics.getMeter('oo')
  const sizes = meter.createHistogram('group_commit_size', {
    description: 'How many were committed together, by writer',
    advice: { explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64, 128] },
  })
  const singly = meter.createCounter('group_commit_alone', {
    description: 'Members that were written alone, because their row was held or their group failed',
  })
  const arrived: Waiting[] = []
  const setAside: Waiting[] = []
  const drained: (() => void)[] = []
  let unanswered = 0
  let underWay = false
  let alone = 0
  let stopping = false

  const answered = (count: number) => {
    unanswered -= count
    if (unanswered === 0) for (const tell of drained.splice(0)) tell()
  }
  const settle = ({ resolve, reject }: Waiting, outcome: Exclude<Outcome<Done>, 'alone'>) => {
    if ('done' in outcome) resolve(outcome.done)
    else reject(outcome.refused)
    answered(1)
  }
  const refuse = (member: Waiting, refused: unknown) => {
    member.reject(refused)
    answered(1)
  }

  async function fly(): Promise<void> {
    while (arrived.length > 0) await writeTogether(arrived.splice(0, mostInGroup))
    underWay = false
  }

  async function writeTogether(group: Waiting[]): Promise<void> {
    try {
      const outcomes = await inGroup(group)
      sizes.record(group.length, { writer: work.name })
      for (const [at, member] of group.entries()) {
        const outcome = outcomes[at] ?? 'alone'
        if (outcome === 'alone') putAside(member)
        else settle(member, outcome)
      }
    } catch (error) {
      const again = isContention(error) || (group.length > 1 && !databaseTrouble(error))
      for (const member of group)
        if (again) putAside(member)
        else refuse(member, error)
    }
  }

  const inGroup = (group: Waiting[]): Promise<Outcome<Done>[]> =>
    transaction(
      db,
      tx =>
        work.write(
          tx,
          group.map(({ item }) => item),
          false,
        ),
      settings,
    )

  function putAside(member: Waiting): void {
    singly.add(1, { writer: work.name })
    setAside.push(member)
    if (alone < aloneAtOnce) void writeAlone()
  }

  async function writeAlone(): Promise<void> {
    alone += 1
    for (let member = setAside.shift(); member; member = setAside.shift()) {
      const { item } = member
      try {
        const [outcome = 'alone'] = await transaction(db, tx => work.write(tx, [item], true))
        if (outcome === 'alone') throw new Error(`${work.name} wrote neither together nor alone.`)
        settle(member, outcome)
      } catch (error) {
        refuse(member, error)
      }
    }
    alone -= 1
  }

  return {
    write(item) {
      if (stopping || unanswered >= mostUnanswered)
        return Promise.reject(new Problem(problems.busy, { retryAfterSeconds: 1 }))
      unanswered += 1
      return new Promise((resolve, reject) => {
        arrived.push({ item, resolve, reject })
        if (underWay) return
        underWay = true
        // Whoever is read from the network in the same turn still comes along.
        setImmediate(() => void fly())
      })
    },
    stop() {
      stopping = true
      if (unanswered === 0) return Promise.resolve()
      return new Promise(resolve => drained.push(resolve))
    },
  }
}
