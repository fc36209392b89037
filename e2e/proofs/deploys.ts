// R15: the api is asked to stop and started again, over and over, while people use oO through the door that stands
// before the pages. Nobody's action may fail: each is sent once by the person and repeated by the door alone.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createDoor } from '@oo/ui/door'
import { percentile } from '../bench/statistics.ts'
import { type Asked, sendOnce, withKey } from './keyed.ts'
import type { Ledger } from './ledger.ts'
import { compare, find } from './ledger.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { openReactingHouse, type ReactingHouse } from './reactingHouse.ts'

const clientCount = 16
/** Keeps everybody below the 240 reactions a minute that the gateway allows. */
const betweenMs = { least: 40, most: 120 }
const quietMs = 200
const lookAgainMs = 10
const tipsEach = 40
const mostNotes = 5

const counts = { short: { people: 10, restarts: 3 }, full: { people: 100, restarts: 200 } }

interface Users {
  ledger: Ledger
  done(): number
  /** Resolves when so many more actions have ended. */
  served(more: number): Promise<void>
  failed: string[]
  slowestMs(): number
  stop(): Promise<void>
}

async function deploys(house: ProofHouse): Promise<ProofRow[]> {
  const { people, restarts } = house.full ? counts.full : counts.short
  const reacting = await openReactingHouse(house, { people })
  const { api, apiUrl } = reacting.instance
  const users = startUsers(house, reacting, await openDoorTo(house, apiUrl))
  const stopMs: number[] = []
  const startMs: number[] = []
  for (let restart = 0; restart < restarts; restart++) {
    house.signal.throwIfAborted()
    // Everybody was served about once since the restart before, as between two deploys.
    await users.served(clientCount * 3)
    await delay(Math.random() * quietMs)
    const from = performance.now()
    await api.stop()
    const stopped = performance.now()
    await api.start()
    stopMs.push(stopped - from)
    startMs.push(performance.now() - stopped)
    if ((restart + 1) % 20 === 0)
      house.say(
        `${restart + 1} of ${restarts} restarts, ${users.done()} actions, ${users.failed.length} failed`,
      )
  }
  await users.served(clientCount * 3)
  await users.stop()
  const { ledger } = users
  const { lost, doubled, examples } = await reacting.asOwner(async owner =>
    compare(ledger, await find(owner, ledger)),
  )
  const control = (await failsWithoutDoor(house, reacting)) ? 'caught' : 'missed'
  const ms = (of: number[], share: number) => Math.round(percentile(of, share))
  return [
    {
      id: 'R15',
      what: 'SIGTERM and start of the api under load',
      done: restarts,
      of: restarts,
      unit: 'restarts',
      lost: lost + users.failed.length,
      doubled,
      control,
      notes: [
        `${users.done().toLocaleString('en')} actions, ${users.failed.length} failed, the slowest ${Math.round(users.slowestMs())} ms; a stop took p50 ${ms(stopMs, 0.5)}, p99 ${ms(stopMs, 0.99)} ms, a start p50 ${ms(startMs, 0.5)}, p99 ${ms(startMs, 0.99)} ms`,
        ...users.failed.slice(0, mostNotes),
        ...examples,
      ],
    },
  ]
}

async function openDoorTo(house: ProofHouse, apiUrl: string): Promise<string> {
  const door = createDoor(new URL(apiUrl), (_, response) => response.end('a page'))
  await new Promise<void>(resolve => door.listen(0, '127.0.0.1', resolve))
  house.keep(() => {
    door.closeAllConnections()
    door.close()
  })
  const address = door.address()
  if (typeof address !== 'object' || !address) throw new Error('The door has no address.')
  return `http://127.0.0.1:${address.port}`
}

/** People who look, react and look at their card in turn, each action sent exactly once. */
function startUsers(house: ProofHouse, reacting: ReactingHouse, url: string): Users {
  const stopping = new AbortController()
  const signal = AbortSignal.any([house.signal, stopping.signal])
  const ledger: Ledger = new Map()
  const failed: string[] = []
  const stock: Awaited<ReturnType<ReactingHouse['openTips']>> = []
  let filling: Promise<void> | undefined
  let done = 0
  let slowest = 0

  const refill = async () => {
    stock.push(...(await reacting.openTips(tipsEach)))
    filling = undefined
  }
  const act = async (asked: Asked) => {
    const from = performance.now()
    const came = await sendOnce(url, asked)
    slowest = Math.max(slowest, performance.now() - from)
    if (came?.status === 200) done += 1
    else failed.push(`${asked.method} ${asked.path} was answered ${came?.bytes ?? 'nothing'}`)
    return came
  }
  const user = async () => {
    while (!signal.aborted) {
      if (stock.length < clientCount) filling ??= refill()
      await filling
      const task = stock.shift()
      if (!task) continue
      const { headers } = task.person
      const { 'content-type': _, ...bare } = headers
      await act({ method: 'GET', path: '/api/profile', headers: bare })
      const came = await act(withKey(task.ask, randomUUID()))
      if (came?.status === 200) ledger.set(task.tipId, { reactionId: came.id, reaction: task.reaction })
      await act(withKey({ method: 'POST', path: '/api/recommend', headers, body: '{}' }, randomUUID()))
      const pauseMs = betweenMs.least + Math.random() * (betweenMs.most - betweenMs.least)
      await delay(pauseMs, undefined, { signal }).catch(() => {})
    }
  }
  const running = Promise.all(Array.from({ length: clientCount }, user))
  running.catch(() => {})
  const stop = async () => {
    stopping.abort()
    await running
  }
  house.keep(stop)
  const served = async (more: number) => {
    const enough = done + failed.length + more
    while (done + failed.length < enough) await delay(lookAgainMs, undefined, { signal: house.signal })
  }
  return { ledger, failed, done: () => done, served, slowestMs: () => slowest, stop }
}

/** The control: the same people without the door between, who then notice the restart. */
async function failsWithoutDoor(house: ProofHouse, reacting: ReactingHouse): Promise<boolean> {
  const { api, apiUrl } = reacting.instance
  const users = startUsers(house, reacting, apiUrl)
  await users.served(1)
  await api.stop()
  await delay(quietMs)
  await api.start()
  await users.stop()
  house.say(`control: ${users.failed.length} actions failed without the door`)
  return users.failed.length > 0
}

export const proof: Proof = {
  id: 'R15',
  what: 'nobody notices a restart of the api',
  run: deploys,
}
