// Many connected people on a small machine: everybody is looked at in time, without a webhook, within what the provider
// allows, and memory stays flat. The interval is shorter than in life, so that minutes show what hours would.
import pg from 'pg'
import { readMemory } from '../bench/memory.ts'
import { makePeople, type Person } from '../bench/people.ts'
import { type Instance, startInstance } from '../instance.ts'
import { until } from './handOn.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'

interface Counts {
  people: number
  lookEveryMs: number
  /** How many intervals are watched. */
  rounds: number
}

const counts = {
  short: { people: 30, lookEveryMs: 2_000, rounds: 2 },
  full: { people: 1_000, lookEveryMs: 60_000, rounds: 2 },
} satisfies Record<string, Counts>
const inLifeMs = 600_000
const windowMs = 900_000
const quota = { whole: 100, partial: 1_000 }
/** How much later than the interval a look may come: rounds of 2 s and a busy machine. */
const graceMs = 4_000
const sampleEveryMs = 500
const nobody = 'http://127.0.0.1:9/'

async function manySources(house: ProofHouse): Promise<ProofRow[]> {
  const { people: many, lookEveryMs, rounds }: Counts = house.full ? counts.full : counts.short
  const instance = await startInstance({
    web: false,
    webhookTarget: nobody,
    apiSettings: async () => ({ TODOIST_SYNC_INTERVAL_MS: String(lookEveryMs) }),
  })
  house.keep(() => instance.stop())
  const owner = new pg.Client({ connectionString: instance.postgres.url('oo_owner') })
  await owner.connect()
  house.keep(() => owner.end())
  const seeding = performance.now()
  const houses = { api: instance.apiUrl, sandbox: instance.sandboxUrl }
  const people = await makePeople(houses, many, house.signal)
  house.say(`${many} people connected in ${seconds(performance.now() - seeding)}`)
  await until(house, 60_000 + lookEveryMs * 2, async () => {
    const { rows } = await owner.query('SELECT count(*)::int AS n FROM integrations.grants WHERE looks < 2')
    return rows[0].n === 0
  })
  const before = await spentBy(instance, people)
  const begun = performance.now()
  const [memory, ages]: [number[], number[]] = [[memoryOf(instance)], []]
  const changed = people.filter((_, at) => at % 20 === 0)
  for (const person of changed) await completeOne(instance, person)
  let late = 0
  while (performance.now() - begun < rounds * lookEveryMs && !house.signal.aborted) {
    const { rows } = await owner.query<{ age: number }>(
      'SELECT extract(epoch FROM now() - read_at)::float8 * 1000 AS age FROM integrations.grants',
    )
    const now = rows.map(({ age }) => age).toSorted((a, b) => a - b)
    ages.push(...now)
    if (share(now, 0.99) > lookEveryMs + graceMs) late += 1
    memory.push(memoryOf(instance))
    await new Promise(resolve => setTimeout(resolve, sampleEveryMs))
  }
  const watchedMs = performance.now() - begun
  const after = await spentBy(instance, people)
  const heard = await owner.query(`SELECT FROM events.log WHERE subject = 'signals.task.completed'`)
  ages.sort((a, b) => a - b)
  const inWindow = people.map((_, at) => (after[at]?.partial ?? 0) - (before[at]?.partial ?? 0))
  const most = Math.max(...inWindow)
  const inLife = Math.ceil((most / watchedMs) * windowMs * (lookEveryMs / inLifeMs))
  const whole = Math.max(...after.map(one => one.whole))
  return [
    {
      id: 'S1',
      what: 'many people are looked at in time, without webhooks',
      done: heard.rows.length,
      of: changed.length,
      unit: 'completions heard of',
      lost: late,
      doubled: inLife > quota.partial || whole > quota.whole ? 1 : 0,
      control: 'none',
      notes: [
        `${many} people, an interval of ${seconds(lookEveryMs)}: ${Math.round((1_000 * many) / lookEveryMs)} looks a second, ${Math.round(inLifeMs / lookEveryMs)} times what 10 minutes ask`,
        `age of the last look: median ${seconds(share(ages, 0.5))}, p99 ${seconds(share(ages, 0.99))}, longest ${seconds(ages.at(-1) ?? 0)}; target ${seconds(lookEveryMs)}`,
        `requests per person: at most ${most} in ${seconds(watchedMs)}, which is ${inLife} of ${quota.partial} in 15 minutes of life; ${whole} of ${quota.whole} full ones`,
        `memory of the api: ${Math.round(memory[0] ?? 0)} MB at the start, ${Math.round(memory.at(-1) ?? 0)} at the end, ${Math.round(Math.max(...memory))} at most`,
      ],
    },
  ]
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0

const memoryOf = ({ api }: Instance): number => readMemory({ api: api.pid() }).api ?? 0

interface Spent {
  whole: number
  partial: number
}

async function spentBy(instance: Instance, people: readonly Person[]): Promise<Spent[]> {
  const spent: Spent[] = []
  for (const { email } of people)
    spent.push((await instance.control<{ all: Spent }>('GET', `todoist/${email}/requests`)).all)
  return spent
}

async function completeOne(instance: Instance, { email }: Person): Promise<void> {
  const task = (await instance.tasks(email)).find(({ due, checked }) => !checked && !due?.is_recurring)
  if (task) await instance.control('POST', `todoist/${email}/tasks/${task.id}/complete`, {})
}

export const proof: Proof = {
  id: 'S1',
  what: 'many connected people on a small machine',
  alone: true,
  run: manySources,
}
