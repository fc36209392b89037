import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Proof, ProofHouse } from './proof.ts'

export interface OpenHouse extends ProofHouse {
  /** Stops everything the proof kept, each within a bound, and deletes its folder. */
  close(): Promise<void>
}

const stopWithinMs = 30_000

/** The house of one proof. */
export function openHouse(
  proof: Proof,
  given: { full: boolean; signal: AbortSignal; folder: string },
): OpenHouse {
  const folder = join(given.folder, proof.id.toLowerCase())
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const stops: (() => unknown)[] = []
  const say = (line: string) => console.error(`… ${proof.id} ${line}`)
  return {
    full: given.full,
    signal: given.signal,
    folder,
    say,
    keep: stop => void stops.push(stop),
    async close() {
      for (let stop = stops.pop(); stop; stop = stops.pop()) {
        const problem = await within(stop)
        if (problem) say(`something did not stop: ${problem}`)
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** What went wrong while stopping: told, and the next one is stopped all the same. */
async function within(stop: () => unknown): Promise<string | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve(`it took more than ${stopWithinMs / 1_000} s`), stopWithinMs)
  const stopping = (async () => {
    await stop()
    return undefined
  })()
  try {
    return await Promise.race([stopping, late])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    clearTimeout(timer)
  }
}
