// Reads at a provider that are under way: one per person and source. After a failure nobody waits for the next
// one, and it begins only when its time has come, so a provider in trouble costs a person nothing.
import type { Clock, Log } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import { ConnectorTrouble, type TroubleKind } from './connectors/connector.ts'

const firstPauseMs = 1_000
const longestPauseMs = 30_000
const maxTroubles = 10_000

export interface Trouble {
  kind: TroubleKind
  times: number
  nextTryAtMs: number
}

export interface Flight {
  /** By the process's own steady clock, because waiting is real time. */
  begunAt: number
  landed: Promise<void>
}

export interface Flights {
  troubleOf(key: string): Trouble | undefined
  /** The flight under way, or a new one; none while the provider asked to be left alone. */
  join(key: string, read: (isWanted: () => boolean) => Promise<void>): Flight | undefined
  /** What is under way no longer counts. */
  forget(key: string): void
}

export function openFlights({ clock, log }: { clock: Clock; log: Log }): Flights {
  const underWay = new Map<string, Flight>()
  const troubles = new LRUCache<string, Trouble>({ max: maxTroubles })

  function failed(key: string, error: unknown): void {
    const trouble = error instanceof ConnectorTrouble ? error : undefined
    if (!trouble) log.error({ err: error }, 'open tasks could not be read')
    const times = (troubles.get(key)?.times ?? 0) + 1
    const askedMs = (trouble?.retryAfterSeconds ?? 0) * 1_000
    const pauseMs = Math.max(askedMs, Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(times - 1, 10)))
    const nextTryAtMs = clock.now().getTime() + pauseMs
    troubles.set(key, { kind: trouble?.kind ?? 'away', times, nextTryAtMs })
  }

  return {
    troubleOf: key => troubles.get(key),
    join(key, read) {
      const known = underWay.get(key)
      if (known) return known
      const trouble = troubles.get(key)
      if (trouble && clock.now().getTime() < trouble.nextTryAtMs) return undefined
      const isWanted = () => underWay.get(key) === flight
      const land = async () => {
        try {
          await read(isWanted)
          if (isWanted()) troubles.delete(key)
        } catch (error) {
          if (isWanted()) failed(key, error)
        } finally {
          if (isWanted()) underWay.delete(key)
        }
      }
      const flight: Flight = { begunAt: performance.now(), landed: Promise.resolve() }
      underWay.set(key, flight)
      flight.landed = land()
      return flight
    },
    forget(key) {
      underWay.delete(key)
      troubles.delete(key)
    },
  }
}
