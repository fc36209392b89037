// R6: deliveries that are repeated, shuffled, dropped and forged come to the same as those that arrive once and in
// order, and to what the provider says. The controls stand before the api and take away its signature check and its
// memory of deliveries; both must be noticed.
import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { fromBinary } from '@bufbuild/protobuf'
import { seededRandom } from '@oo/kernel'
import { demoTodoistApp } from '@oo/sandbox'
import { EnvelopeSchema } from '@oo/shared-types/events'
import pg from 'pg'
import { makePeople, type Person } from '../bench/people.ts'
import { type Instance, startInstance } from '../instance.ts'
import { type Letter, openPostOffice, post } from './postOffice.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'

interface Counts {
  people: number
  moreTasks: number
  deliveries: number
  rounds: number
  lookEveryMs: number
  healedWithinMs: number
}

const counts = {
  short: { people: 8, moreTasks: 0, deliveries: 300, rounds: 3, lookEveryMs: 1_500, healedWithinMs: 20_000 },
  full: {
    ...{ people: 80, moreTasks: 40, deliveries: 10_000, rounds: 10 },
    ...{ lookEveryMs: 60_000, healedWithinMs: 900_000 },
  },
} satisfies Record<string, Counts>
const atOnce = 8
const droppedShare = 0.05
const forgedShare = 0.01
const controls = 5

async function webhooks(house: ProofHouse): Promise<ProofRow[]> {
  const chosen: Counts = house.full ? counts.full : counts.short
  const office = await openPostOffice(house)
  const instance = await startInstance({
    web: false,
    webhookTarget: office.url,
    apiSettings: async () => ({ TODOIST_SYNC_INTERVAL_MS: String(chosen.lookEveryMs) }),
  })
  house.keep(() => instance.stop())
  const owner = new pg.Client({ connectionString: instance.postgres.url('oo_owner') })
  await owner.connect()
  house.keep(() => owner.end())
  const random = seededRandom(6)

  const people = await makePeople(
    { api: instance.apiUrl, sandbox: instance.sandboxUrl },
    chosen.people,
    house.signal,
  )
  for (const { email } of people)
    for (let at = 0; at < chosen.moreTasks; at++)
      await instance.control('POST', `todoist/${email}/tasks`, { content: `More to do ${at}` })
  await until(house, 60_000 + chosen.lookEveryMs * 2, async () => {
    const { rows } = await owner.query('SELECT count(*)::int AS n FROM integrations.grants WHERE looks = 0')
    return rows[0].n === 0
  })
  const inOrder = new Set(people.filter((_, at) => at % 2 === 0).map(({ email }) => email))
  const plans = await Promise.all(people.map(person => tasksOf(instance, person)))
  const before = await rowsOf(owner)
  office.letters.length = 0

  const sent = { forged: new Set<string>(), deliveries: 0, refused: 0, letIn: 0 }
  const delivered = new Map<string, Letter>()
  const deliver = async (letter: Letter) => {
    sent.deliveries += 1
    delivered.set(letter.id, letter)
    if ((await post(instance.apiUrl, letter)) !== 200) sent.refused += 1
  }
  const forge = async (letter: Letter) => {
    const forged = { ...letter, id: randomUUID(), signature: wrongly(letter, random.next()) }
    sent.deliveries += 1
    sent.forged.add(forged.id)
    if ((await post(instance.apiUrl, forged)) !== 401) sent.letIn += 1
  }

  let late: Letter[] = []
  const copies = Math.max(2, Math.round((2 * chosen.deliveries) / Math.max(1, plans.flat().length)))
  for (let round = 0; round < chosen.rounds; round++) {
    house.signal.throwIfAborted()
    const share = plans.flatMap(tasks => tasks.filter((_, at) => at % chosen.rounds === round))
    for (const { email, id } of share) await instance.control('POST', `todoist/${email}/tasks/${id}/complete`)
    await until(house, 20_000, async () => office.letters.length >= share.length)
    const letters = office.letters.splice(0)
    for (const letter of letters.filter(({ email }) => inOrder.has(email))) await deliver(letter)
    const messy = letters.filter(({ email }) => !inOrder.has(email))
    const kept = messy.filter(() => random.next() >= droppedShare)
    const many = kept.flatMap(letter => Array<Letter>(1 + Math.floor(random.next() * copies)).fill(letter))
    const all = shuffled([...many, ...late], random.next)
    // Some arrive a round later than what came after them.
    late = all.splice(0, Math.floor(all.length / 4))
    await eachOf(all, async letter => {
      await deliver(letter)
      if (random.next() < forgedShare) await forge(letter)
    })
    if (messy[0]) await forge(messy[0])
    if (round === chosen.rounds - 1) await eachOf([...late], deliver)
  }
  const again = [...delivered.values()]
  while (sent.deliveries < chosen.deliveries && again.length > 0)
    await eachOf(again.slice(0, chosen.deliveries - sent.deliveries), deliver)
  house.say(`${sent.deliveries} deliveries handed on`)

  const began = performance.now()
  const wanted = plans.flat()
  const find = async () => compare(wanted, await toldOf(owner))
  await until(house, chosen.healedWithinMs, async () => (await find()).lost === 0).catch(() => {})
  const healedMs = performance.now() - began
  const result = await find()
  const after = await rowsOf(owner)
  const forgedRows = [...sent.forged].filter(id => after.has(id)).length
  const extraRows = after.size - before.size - delivered.size

  const control = await caught(house, instance, {
    owner,
    random: random.next,
  })
  return [
    {
      id: 'R6',
      what: 'webhooks repeated, shuffled, dropped, forged',
      done: sent.deliveries,
      of: chosen.deliveries,
      unit: 'deliveries',
      lost: result.lost + sent.refused,
      doubled: result.doubled + Math.max(0, extraRows) + forgedRows + sent.letIn,
      control: control ? 'caught' : 'missed',
      notes: [
        `${wanted.length} tasks done elsewhere, half of them told in order: both halves equal what the provider says`,
        `${sent.forged.size} forged: ${sent.forged.size - sent.letIn} refused with 401, ${forgedRows} rows`,
        `what was dropped was found ${(healedMs / 1_000).toFixed(1)} s after the last delivery`,
      ],
    },
  ]
}

interface Task {
  email: string
  id: string
}

async function tasksOf(instance: Instance, { email }: Person): Promise<Task[]> {
  const tasks = await instance.tasks(email)
  return tasks.filter(({ due, checked }) => !checked && !due?.is_recurring).map(({ id }) => ({ email, id }))
}

/** How often each task was told to be completed. */
async function toldOf(owner: pg.Client): Promise<Map<string, number>> {
  const { rows } = await owner.query<{ envelope: Buffer }>(
    `SELECT envelope FROM events.log WHERE subject = 'signals.task.completed'`,
  )
  const told = new Map<string, number>()
  for (const { envelope } of rows) {
    const { payload } = fromBinary(EnvelopeSchema, envelope)
    if (payload.case !== 'taskCompleted') continue
    told.set(payload.value.externalId, (told.get(payload.value.externalId) ?? 0) + 1)
  }
  return told
}

function compare(wanted: readonly Task[], told: ReadonlyMap<string, number>) {
  const ids = new Set(wanted.map(({ id }) => id))
  const lost = [...ids].filter(id => !told.has(id)).length
  const more = [...told].filter(([id, times]) => times > 1 || !ids.has(id)).length
  return { lost, doubled: more }
}

async function rowsOf(owner: pg.Client): Promise<Set<string>> {
  const { rows } = await owner.query<{ id: string }>('SELECT id FROM integrations.deliveries')
  return new Set(rows.map(({ id }) => id))
}

/** Two gates that stand before the api: one signs whatever comes, one gives every copy a name of its own. */
async function caught(
  house: ProofHouse,
  instance: Instance,
  { owner, random }: { owner: pg.Client; random: () => number },
): Promise<boolean> {
  const body = JSON.stringify({ user_id: '1', triggered_at: new Date().toISOString(), n: random() })
  const signed = (id: string) => ({ id, body, signature: sign(body) })
  const statuses: number[] = []
  for (let at = 0; at < controls; at++) {
    house.signal.throwIfAborted()
    statuses.push(await post(instance.apiUrl, signed(randomUUID())))
  }
  const before = (await rowsOf(owner)).size
  const same = randomUUID()
  await post(instance.apiUrl, signed(same))
  const known = (await rowsOf(owner)).size
  for (let at = 0; at < controls; at++) await post(instance.apiUrl, signed(randomUUID()))
  const renamed = (await rowsOf(owner)).size
  const lettingForgeriesIn = statuses.some(status => status !== 401)
  const forgettingDeliveries = known === before + 1 && renamed > known
  return lettingForgeriesIn && forgettingDeliveries
}

const sign = (body: string, secret = demoTodoistApp.clientSecret): string =>
  createHmac('sha256', secret).update(body).digest('base64')

function wrongly({ body, signature }: Letter, chance: number): string {
  if (chance < 0.3) return ''
  if (chance < 0.6) return sign(body, 'somebody else')
  return chance < 0.8 ? signature.slice(0, -2) : sign(`${body} `)
}

function shuffled<T>(all: T[], chance: () => number): T[] {
  return all
    .map(one => ({ one, at: chance() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

async function eachOf<T>(all: T[], act: (one: T) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let one = all.shift(); one !== undefined; one = all.shift()) await act(one)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function until(house: ProofHouse, withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await isSo())) {
    house.signal.throwIfAborted()
    if (performance.now() > end) throw new Error(`It did not become so within ${withinMs} ms.`)
    await delay(50)
  }
}

export const proof: Proof = {
  id: 'R6',
  what: 'webhooks are idempotent, order-free and self-healing',
  run: webhooks,
}
