// R4: the log's reader skips nothing and keeps each person's order, while writers hold their transactions open and
// commit out of order. The control reads by number alone, as a naive outbox does, and has to skip.
import { createEvents, type Subscriber } from '@oo/events'
import {
  closePool,
  openPool,
  type Pool,
  seededRandom,
  silentLog,
  systemClock,
  systemRandom,
  transaction,
} from '@oo/kernel'
import { createTestDatabase } from '@oo/local'
import pg from 'pg'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'

interface Counts {
  events: number
  perTransaction: number
  heldMs: number
}

const counts = {
  short: { events: 2_000, perTransaction: 10, heldMs: 200 },
  full: { events: 100_000, perTransaction: 100, heldMs: 5_000 },
} satisfies Record<string, Counts>
const writers = 8
const peoplePerWriter = 10
const naiveEveryMs = 20
const settledWithinMs = 60_000
const notice = 10_000

async function outbox(house: ProofHouse): Promise<ProofRow[]> {
  const chosen = house.full ? counts.full : counts.short
  const database = await createTestDatabase()
  house.keep(() => database.drop())
  const owner = new pg.Client({ connectionString: database.superUrl })
  await owner.connect()
  house.keep(() => owner.end())
  await owner.query(
    `CREATE TABLE public.effects (n bigint GENERATED ALWAYS AS IDENTITY, person uuid, number int);
     GRANT ALL ON public.effects TO oo_api`,
  )
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'outbox', max: writers + 6 })
  house.keep(() => closePool(db))
  const events = createEvents({
    ...{ db, clock: systemClock, random: systemRandom, log: silentLog },
    jobs: { enqueue: async () => {}, enqueueAll: async () => {} },
  })
  events.door.subscribe(recording)
  await events.module.start?.()
  house.keep(() => events.module.stop?.())

  const naive = startNaive(owner)
  const write = Array.from({ length: writers }, (_, at) =>
    writeEvents(house, { db, events, chosen, seed: at + 1 }),
  )
  const written = (await Promise.all(write)).reduce((sum, count) => sum + count, 0)
  house.say(`${written} events are written; waiting until they are applied`)
  const seconds = await untilApplied(owner, written, house.signal)
  const seenByNaive = await naive.stop()

  const { rows } = await owner.query<{ person: string; number: number }>(
    'SELECT person, number FROM public.effects ORDER BY n',
  )
  const distinct = new Set(rows.map(row => `${row.person}:${row.number}`)).size
  const reordered = countReordered(rows)
  return [
    {
      id: 'R4',
      what: 'the outbox skips nothing',
      done: written,
      of: chosen.events,
      unit: 'events',
      lost: written - distinct + reordered,
      doubled: rows.length - distinct,
      control: seenByNaive < written ? 'caught' : 'missed',
      notes: [
        `${writers} writers, ${chosen.perTransaction} events a transaction, held open 0–${chosen.heldMs / 1_000} s; ${reordered} out of a person's order (counted as lost)`,
        `applied ${seconds.toFixed(1)} s after the last commit; the reader by number alone skipped ${written - seenByNaive}`,
      ],
    },
  ]
}

/** Its effect is a row: the person, and the number that the event had among theirs. */
const recording: Subscriber = {
  name: 'proof',
  subjects: ['signals.tip.shown'],
  async handle(tx, { personId, payload }) {
    if (payload.case !== 'tipShown') return
    await tx.$client.query({
      name: 'effect',
      text: 'INSERT INTO public.effects (person, number) VALUES ($1, $2)',
      values: [personId, Number(payload.value.tipId)],
    })
  },
}

interface Writing {
  db: Pool
  events: ReturnType<typeof createEvents>
  chosen: Counts
  seed: number
}

/** Half of each transaction's events before it rests and half after it, for people of its own. */
async function writeEvents(house: ProofHouse, { db, events, chosen, seed }: Writing): Promise<number> {
  const chance = seededRandom(seed)
  const people: string[] = Array.from({ length: peoplePerWriter }, () => crypto.randomUUID())
  const numbers = new Map<string, number>()
  const happenings = (count: number) =>
    Array.from({ length: count }, () => {
      const personId = people[Math.floor(chance.next() * people.length)] ?? ''
      const number = numbers.get(personId) ?? 0
      numbers.set(personId, number + 1)
      const value = { tipId: String(number), decisionId: '' }
      return { personId, happened: { case: 'tipShown', value } as const }
    })
  let written = 0
  while (written < chosen.events / writers) {
    house.signal.throwIfAborted()
    const half = chosen.perTransaction / 2
    await transaction(db, async tx => {
      await events.door.appendAll(tx, happenings(half))
      await tx.$client.query('SELECT pg_sleep($1)', [(chance.next() * chosen.heldMs) / 1_000])
      await events.door.appendAll(tx, happenings(half))
    })
    written += chosen.perTransaction
    if (seed === 1 && (written * writers) % notice === 0) house.say(`about ${written * writers} events`)
  }
  return written
}

/** What an outbox is often read by: everything above the highest number seen. */
function startNaive(owner: pg.Client): { stop(): Promise<number> } {
  let last = 0
  let seen = 0
  let round = Promise.resolve()
  const look = async () => {
    const { rows } = await owner.query<{ seq: string }>(
      'SELECT seq FROM events.log WHERE seq > $1 ORDER BY seq',
      [last],
    )
    seen += rows.length
    last = Number(rows.at(-1)?.seq ?? last)
  }
  const timer = setInterval(() => {
    round = round.then(look)
  }, naiveEveryMs)
  return {
    async stop() {
      clearInterval(timer)
      await round
      await look()
      return seen
    },
  }
}

async function untilApplied(owner: pg.Client, wanted: number, signal: AbortSignal): Promise<number> {
  const from = performance.now()
  while (performance.now() - from < settledWithinMs) {
    signal.throwIfAborted()
    const { rows } = await owner.query<{ count: string }>('SELECT count(*) AS count FROM public.effects')
    if (Number(rows[0]?.count) >= wanted) break
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return (performance.now() - from) / 1_000
}

function countReordered(rows: readonly { person: string; number: number }[]): number {
  const last = new Map<string, number>()
  let reordered = 0
  for (const { person, number } of rows) {
    if (number < (last.get(person) ?? -1)) reordered += 1
    last.set(person, number)
  }
  return reordered
}

export const proof: Proof = { id: 'R4', what: 'the outbox skips nothing', run: outbox }
