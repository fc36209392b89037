import { statfsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { errorText } from '../refusal.ts'

const pauseMs = 2_000
/** A piece of its log and a little more; a full disk may not even have taken the line that says so. */
const startNeedsBytes = 20e6

/** A server that found no room to start comes back once there is some, however long that takes. */
export async function whenRoom<T>(
  start: () => Promise<T>,
  { folder, say, signal, waitMs = pauseMs }: Waiting,
): Promise<T> {
  for (let told = false; ; told = true) {
    try {
      return await start()
    } catch (error) {
      if (!errorText(error).includes('No space left on device') && hasRoom(folder)) throw error
      if (!told) say(`! no room is left in ${folder}: make some; the database then comes back by itself`)
      await delay(waitMs, undefined, { signal })
    }
  }
}

function hasRoom(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize >= startNeedsBytes
}

interface Waiting {
  folder: string
  say: (line: string) => void
  signal: AbortSignal
  waitMs?: number
}
