// What the provider signed, handed on badly: half of the people's letters once and in order, the others' repeated,
// shuffled, dropped and accompanied by forgeries. Afterwards the log is compared with what the provider was told.
import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { fromBinary } from '@bufbuild/protobuf'
import { demoTodoistApp } from '@oo/sandbox'
import { EnvelopeSchema } from '@oo/shared-types/events'
import type pg from 'pg'
import type { Instance } from '../instance.ts'
import type { Letter, PostOffice } from './postOffice.ts'
import type { ProofHouse } from './proof.ts'

export interface Task {
  email: string
  id: string
}

export interface Scene {
  house: ProofHouse
  instance: Instance
  office: PostOffice
  owner: pg.Client
  chance: () => number
  /** Everybody whose letters go once and in order. */
  inOrder: ReadonlySet<string>
}

export interface Errand {
  /** Done at the provider, and told in rounds. */
  tasks: readonly Task[]
  rounds: number
  /** At least so many are handed on. */
  deliveries: number
  droppedShare: number
  healedWithinMs: number
  /** The way to the api, which answers the status. */
  post(letter: Letter): Promise<number>
}

/** What was wrong, by kind; the proof wants none of it, and its control all. */
export interface Wrong {
  /** Tasks that were done and never told. */
  untold: number
  /** Or told though they were never done. */
  toldTwice: number
  refused: number
  /** Rows for copies of what was known. */
  extraRows: number
  forgedRows: number
  letIn: number
}

export interface Handed {
  deliveries: number
  forged: number
  healedMs: number
  /** Looks at the log again. */
  judge(): Promise<Wrong>
}

const atOnce = 8
const forgedShare = 0.01

export async function handOn(scene: Scene, errand: Errand): Promise<Handed> {
  const { house, instance, office, owner, chance, inOrder } = scene
  const { tasks, rounds, post } = errand
  const before = await rowsOf(owner)
  const earlier = await toldOf(owner)
  const forgeries = new Set<string>()
  const delivered = new Map<string, Letter>()
  const sent = { deliveries: 0, refused: 0, letIn: 0 }
  const deliver = async (letter: Letter) => {
    sent.deliveries += 1
    delivered.set(letter.id, letter)
    if ((await post(letter)) !== 200) sent.refused += 1
  }
  const forge = async (letter: Letter) => {
    const forged = { ...letter, id: randomUUID(), signature: wrongly(letter, chance()) }
    sent.deliveries += 1
    forgeries.add(forged.id)
    if ((await post(forged)) !== 401) sent.letIn += 1
  }

  office.letters.length = 0
  let late: Letter[] = []
  const copies = Math.max(2, Math.round((2 * errand.deliveries) / Math.max(1, tasks.length)))
  for (let round = 0; round < rounds; round++) {
    house.signal.throwIfAborted()
    const share = tasks.filter((_, at) => at % rounds === round)
    for (const { email, id } of share) await instance.control('POST', `todoist/${email}/tasks/${id}/complete`)
    await until(house, 20_000, async () => office.letters.length >= share.length)
    const letters = office.letters.splice(0)
    for (const letter of letters.filter(({ email }) => inOrder.has(email))) await deliver(letter)
    const messy = letters.filter(({ email }) => !inOrder.has(email))
    const kept = messy.filter(() => chance() >= errand.droppedShare)
    const many = kept.flatMap(letter => Array<Letter>(1 + Math.floor(chance() * copies)).fill(letter))
    const all = shuffled([...many, ...late], chance)
    // Some arrive a round later than what came after them.
    late = all.splice(0, Math.floor(all.length / 4))
    await eachOf(all, async letter => {
      await deliver(letter)
      if (chance() < forgedShare) await forge(letter)
    })
    if (messy[0]) await forge(messy[0])
    if (round === rounds - 1) await eachOf([...late], deliver)
  }
  const again = [...delivered.values()]
  while (sent.deliveries < errand.deliveries && again.length > 0)
    await eachOf(again.slice(0, errand.deliveries - sent.deliveries), deliver)

  const judge = async (): Promise<Wrong> => {
    const after = await rowsOf(owner)
    const forgedRows = [...forgeries].filter(id => after.has(id)).length
    const extraRows = Math.max(0, after.size - before.size - delivered.size - forgedRows)
    const { refused, letIn } = sent
    return { ...compare(tasks, earlier, await toldOf(owner)), refused, letIn, forgedRows, extraRows }
  }
  const began = performance.now()
  await until(house, errand.healedWithinMs, async () => (await judge()).untold === 0).catch(() => {})
  const healedMs = performance.now() - began
  return { deliveries: sent.deliveries, forged: forgeries.size, healedMs, judge }
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

function compare(wanted: readonly Task[], earlier: ReadonlyMap<string, number>, told: typeof earlier) {
  const ids = new Set([...earlier.keys(), ...wanted.map(({ id }) => id)])
  const untold = [...ids].filter(id => !told.has(id)).length
  const toldTwice = [...told].filter(([id, times]) => times > 1 || !ids.has(id)).length
  return { untold, toldTwice }
}

async function rowsOf(owner: pg.Client): Promise<Set<string>> {
  const { rows } = await owner.query<{ id: string }>('SELECT id FROM integrations.deliveries')
  return new Set(rows.map(({ id }) => id))
}

export const sign = (body: string, secret = demoTodoistApp.clientSecret): string =>
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

export async function until(
  house: ProofHouse,
  withinMs: number,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await isSo())) {
    house.signal.throwIfAborted()
    if (performance.now() > end) throw new Error(`It did not become so within ${withinMs} ms.`)
    await delay(50)
  }
}
