// How a part is ended at a random moment under load and brought back: shared by kills and power cuts.
import { setTimeout as delay } from 'node:timers/promises'
import type { Clients } from './clients.ts'
import type { ProofHouse } from './proof.ts'
import type { ReactingHouse } from './reactingHouse.ts'

export interface Part {
  kill(): Promise<void>
  start(): Promise<void>
}

export const clientCount = 20
const giveUpAfterMs = 30_000
/** It ends so long after the first answer that followed the time before. */
const quiet = { leastMs: 30, mostMs: 330 }

export const randomQuietMs = (): number => quiet.leastMs + Math.random() * (quiet.mostMs - quiet.leastMs)

/** Gives the clients more tips long before they run out; the moment to notice that everything shall end. */
export async function refill(
  { signal }: ProofHouse,
  reacting: ReactingHouse,
  clients: Clients,
  each: number,
): Promise<void> {
  signal.throwIfAborted()
  if (clients.left() < reacting.people.length * each) await reacting.giveTips(clients, each)
}

/** Ends it in the middle of the load and starts it again; answers after how many ms a client had its next 200. */
export async function tryOnce(clients: Clients, part: Part): Promise<number> {
  await answered(clients)
  await delay(randomQuietMs())
  const began = performance.now()
  await part.kill()
  await part.start()
  await answered(clients)
  return performance.now() - began
}

/** Until a request that is sent from now on gets its 200. */
async function answered(clients: Clients): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const why = new Error(`nobody was answered within ${giveUpAfterMs / 1_000} s`)
  const timer = setTimeout(() => reject(why), giveUpAfterMs)
  try {
    await Promise.race([clients.firstAnswerAfter(performance.now()), late])
  } finally {
    clearTimeout(timer)
  }
}
