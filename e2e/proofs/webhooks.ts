// R6: deliveries that are repeated, shuffled, dropped and forged come to the same as those that arrive once and in
// order, and to what the provider says. The control hands on in the very same way to an api whose signature check,
// memory of deliveries and own looks are taken away, and whose log says a thing twice; each must be noticed.
import { randomUUID } from 'node:crypto'
import { seededRandom } from '@oo/kernel'
import pg from 'pg'
import { makePeople, type Person } from '../bench/people.ts'
import { type Instance, startInstance } from '../instance.ts'
import { handOn, type Scene, sign, type Task, until, type Wrong } from './handOn.ts'
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
const droppedShare = 0.05
/** Tasks of each person that are left to the control. */
const kept = 1
const never = '86400000'
const control = { rounds: 1, deliveries: 40, droppedShare: 1, healedWithinMs: 1_000 }
const idleWithinMs = 20_000

async function webhooks(house: ProofHouse): Promise<ProofRow[]> {
  const chosen: Counts = house.full ? counts.full : counts.short
  const scene = await openScene(house, chosen)
  const { instance } = scene
  const plans = await Promise.all(scene.people.map(person => tasksOf(instance, person)))
  const tasks = plans.flatMap(all => all.slice(kept))
  const handed = await handOn(scene, {
    ...chosen,
    tasks,
    droppedShare,
    post: letter => post(instance.apiUrl, letter),
  })
  house.say(`${handed.deliveries} deliveries handed on`)
  const wrong = await handed.judge()
  const left = plans.flatMap(all => all.slice(0, kept))
  return [
    {
      id: 'R6',
      what: 'webhooks repeated, shuffled, dropped, forged',
      done: handed.deliveries,
      of: chosen.deliveries,
      unit: 'deliveries',
      lost: wrong.untold + wrong.refused,
      doubled: wrong.toldTwice + wrong.extraRows + wrong.forgedRows + wrong.letIn,
      control: (await allSeen(scene, left)) ? 'caught' : 'missed',
      notes: [
        `${tasks.length} tasks done elsewhere, half of them told in order: both halves equal what the provider says`,
        `${handed.forged} forged: ${handed.forged - wrong.letIn} refused with 401, ${wrong.forgedRows} rows`,
        `what was dropped was found ${(handed.healedMs / 1_000).toFixed(1)} s after the last delivery`,
      ],
    },
  ]
}

async function openScene(
  house: ProofHouse,
  { people: many, moreTasks, lookEveryMs }: Counts,
): Promise<Scene & { people: readonly Person[] }> {
  const office = await openPostOffice(house)
  const instance = await startInstance({
    web: false,
    webhookTarget: office.url,
    apiSettings: async () => ({ TODOIST_SYNC_INTERVAL_MS: String(lookEveryMs) }),
  })
  house.keep(() => instance.stop())
  const owner = new pg.Client({ connectionString: instance.postgres.url('oo_owner') })
  await owner.connect()
  house.keep(() => owner.end())
  const houses = { api: instance.apiUrl, sandbox: instance.sandboxUrl }
  const people = await makePeople(houses, many, house.signal)
  for (const { email } of people)
    for (let at = 0; at < moreTasks; at++)
      await instance.control('POST', `todoist/${email}/tasks`, { content: `More to do ${at}` })
  // Only what was seen open can be told as completed.
  const open = await Promise.all(people.map(person => instance.tasks(person.email)))
  const wanted = open.flat().filter(({ checked }) => !checked).length
  await until(house, 60_000 + lookEveryMs * 2, async () => {
    const { rows } = await owner.query('SELECT count(*)::int AS n FROM integrations.open_items')
    return rows[0].n === wanted
  })
  const inOrder = new Set(people.filter((_, at) => at % 2 === 0).map(({ email }) => email))
  const random = seededRandom(6)
  return { house, instance, office, owner, people, inOrder, chance: () => random.next() }
}

async function tasksOf(instance: Instance, { email }: Person): Promise<Task[]> {
  const tasks = await instance.tasks(email)
  return tasks.filter(({ due, checked }) => !checked && !due?.is_recurring).map(({ id }) => ({ email, id }))
}

/** The control: whether every kind of wrong is seen where the api lacks what prevents it. */
async function allSeen(scene: Scene, tasks: readonly Task[]): Promise<boolean> {
  const { house, instance, owner } = scene
  await instance.api.stop()
  await instance.apiWith({ TODOIST_SYNC_INTERVAL_MS: never }).start()
  // A look that was asked for before must not find what is done from now on.
  await owner.query(`UPDATE integrations.grants SET look_at = now() + interval '1 day'`)
  await until(house, idleWithinMs, async () => {
    const { rows } = await owner.query(`SELECT count(*)::int AS n FROM integrations.grants
      WHERE look_at < now() + interval '1 hour'`)
    return rows[0].n === 0
  })
  const deliveries = Math.max(control.deliveries, tasks.length)
  const handed = await handOn(scene, { ...control, deliveries, tasks, post: carelessGate(instance.apiUrl) })
  await owner.query(`INSERT INTO events.log (id, subject, person_id, at, envelope)
    SELECT gen_random_uuid(), subject, person_id, at, envelope FROM events.log
     WHERE subject = 'signals.task.completed' LIMIT 1`)
  const wrong = await handed.judge()
  house.say(`control: ${tellWrong(wrong)}`)
  const { refused: _, ...wanted } = wrong
  return Object.values(wanted).every(count => count > 0)
}

const tellWrong = ({ untold, toldTwice, extraRows, forgedRows, letIn }: Wrong): string =>
  `${untold} never told, ${toldTwice} told twice, ${extraRows} copies and ${forgedRows} forged ones kept, ${letIn} let in`

/** Stands before the api: signs whatever comes, and gives every copy a name of its own. */
function carelessGate(api: string): (letter: Letter) => Promise<number> {
  const seen = new Set<string>()
  return letter => {
    const id = seen.has(letter.id) ? randomUUID() : letter.id
    seen.add(letter.id)
    return post(api, { ...letter, id, signature: sign(letter.body) })
  }
}

export const proof: Proof = {
  id: 'R6',
  what: 'webhooks are idempotent, order-free and self-healing',
  run: webhooks,
}
