import { setTimeout as delay } from 'node:timers/promises'
import type { Progress } from './progress.ts'
import { errorText } from './refusal.ts'

/** Something that runs until it is stopped, or ends by itself. */
export type Base = { name: string; exited: Promise<unknown>; stop(): Promise<void> }

/** What was started, and when it can do its work. */
export type Begun = { base: Base; ready: Promise<void> }

export type Revived = {
  /** Stops what runs now, also one that is just being started again. */
  stop(): Promise<void>
}

const windowMs = 60_000
/** More deaths than this within the window mean that it cannot live. */
const mostDeaths = 5
const pausesMs = [0, 250, 500, 1_000, 2_000]

/** Starts `first` again whenever it ends without being asked, until it dies too often; then `lost` is told once. */
export function keepAlive(
  first: Base,
  again: (signal: AbortSignal) => Promise<Begun>,
  { progress, lost }: { progress: Progress; lost: (sentence: string) => void },
): Revived {
  const stopping = new AbortController()
  const { signal } = stopping
  let current = first
  let reviving: Promise<void> = Promise.resolve()
  let deaths: number[] = []

  const revive = async (how: unknown): Promise<void> => {
    const now = performance.now()
    deaths = [...deaths.filter(at => now - at < windowMs), now]
    if (deaths.length > mostDeaths) return lost(`${first.name} ended ${deaths.length} times within a minute`)
    progress.say(`! ${first.name} ${how ?? 'ended unexpectedly'}; it is started again`)
    await delay(pausesMs[deaths.length - 1], undefined, { signal }).catch(() => {})
    // The rest of its group goes before it comes back.
    await current.stop()
    if (signal.aborted) return
    try {
      const { base, ready } = await again(signal)
      current = base
      watch(base)
      void tellWhenBack(base, ready, now)
    } catch (error) {
      if (!signal.aborted) lost(`${first.name} could not be started again: ${errorText(error)}`)
    }
  }
  const tellWhenBack = async (base: Base, ready: Promise<void>, since: number): Promise<void> => {
    let ended = false
    void base.exited.then(() => {
      ended = true
    })
    try {
      await ready
      progress.say(`✓ ${first.name} is back after ${((performance.now() - since) / 1000).toFixed(1)} s`)
    } catch (error) {
      // One that ended is brought back again; one that lives and does nothing is not.
      if (!ended && !signal.aborted) lost(errorText(error))
    }
  }
  const watch = (base: Base) => {
    void base.exited.then(how => {
      if (!signal.aborted) reviving = reviving.then(() => revive(how))
    })
  }
  watch(first)

  return {
    async stop() {
      stopping.abort()
      await reviving
      await current.stop()
    },
  }
}
