import { alternate, type Contender, rounds } from './alternate.ts'
import { type Instance, startInstance } from './instance.ts'
import { type Ask, type Lap, runLoad } from './load.ts'
import { peerRequest } from './peers/request.ts'
import { startBare, startNaive } from './peers/start.ts'
import { makePeople, type Person } from './people.ts'
import type { Processes, Started } from './processes.ts'

/** What the measures are given; each part starts when the first measure asks for it. */
export interface Bench {
  seconds: number
  people: number
  vw: boolean
  signal: AbortSignal
  processes: Processes
  say(line: string): void
  bare(): Promise<Started>
  naive(): Promise<Started>
  instance(): Promise<{ instance: Instance; people: Person[] }>
}

/** Enough that a person comes by again only when their last tip was ended, and that nobody reacts too often. */
const peopleCount = 400

type Given = Pick<Bench, 'seconds' | 'people' | 'vw' | 'signal' | 'processes' | 'say'>

export function openBench(given: Given): Bench {
  const { processes, signal, say } = given
  const once = <T>(make: () => Promise<T>) => {
    let made: Promise<T> | undefined
    return () => {
      made ??= make()
      return made
    }
  }
  return {
    ...given,
    bare: once(() => startBare(processes)),
    naive: once(() => startNaive(processes)),
    instance: once(async () => {
      say('… an instance: database, sandbox, ml, api')
      const instance = await startInstance(processes, signal)
      say(`… ${peopleCount} people sign in and connect Todoist`)
      const houses = { api: instance.url, sandbox: instance.sandboxUrl }
      return { instance, people: await makePeople(houses, peopleCount, signal) }
    }),
  }
}

/** Laps of the length asked for, after a warm-up long enough for the compilers. */
export const takeTurns = <T>(bench: Bench, contenders: readonly Contender<T>[]): Promise<T[][]> =>
  alternate(contenders, { seconds: bench.seconds, warmUpSeconds: Math.min(5, bench.seconds), rounds })

/** A peer under the request that all peers get. */
export const peerLap =
  (peer: Started, connections: number, signal: AbortSignal): Contender<Lap> =>
  seconds =>
    lapOf(peer.url, { connections, seconds, signal }, () => [peerRequest])

export function lapOf(
  url: string,
  { connections, seconds, signal }: { connections: number; seconds: number; signal: AbortSignal },
  asks: (connection: number) => Ask[],
): Promise<Lap> {
  signal.throwIfAborted()
  return runLoad({ url, connections, until: { seconds }, asks })
}
