import { setTimeout as delay } from 'node:timers/promises'
import type { Forwarder } from '../door.ts'
import { StartOver } from '../startOver.ts'
import type { Family } from './families.ts'
import type { Connection, Line } from './line.ts'
import { publishInOrder } from './publish.ts'
import { ensureStream, findStream, newestIds, type StreamLimits } from './streams.ts'

const patience = { forMs: 18_000, restMs: 100, restMostMs: 2_000 }

export interface Counts {
  published(family: string, count: number): void
  refused(family: string): void
}

/** Mirrors one family into its stream. A stream that is missing is filled from the log's beginning. */
export function familyForwarder(
  family: Family,
  parts: { line: Line; limits: StreamLimits; counts: Counts },
): Forwarder {
  const { line, limits, counts } = parts
  const { stream } = family
  /** The connection on which the stream was last found well, and what its end held then. */
  let checked: { connection: Connection; there: Set<string> } | undefined

  const check = async (connection: Connection, isFirst: boolean): Promise<Set<string>> => {
    if (checked?.connection === connection) return checked.there
    if (!isFirst && (await findStream(connection, stream)) === null)
      throw new StartOver(`${stream} is not there: it is filled from the log.`)
    await ensureStream(connection, family, limits)
    const there = await newestIds(connection, stream)
    checked = { connection, there }
    return there
  }

  return {
    name: `jetstream.${family.name}`,
    subjects: family.subjects,
    async deliver(events, signal, { isFirst }) {
      const connection = await openPatiently(line, signal)
      const drop = () => void line.drop(connection)
      signal.addEventListener('abort', drop, { once: true })
      try {
        const there = await check(connection, isFirst)
        const missing = events.filter(event => !there.has(event.id))
        await publishInOrder(connection, stream, missing)
        // From here on only this process adds to the stream, and what it adds is acknowledged.
        there.clear()
        counts.published(family.name, missing.length)
      } catch (error) {
        checked = undefined
        if (error instanceof StartOver) throw error
        counts.refused(family.name)
        if (!isAnswer(error)) await line.drop(connection)
        throw error
      } finally {
        signal.removeEventListener('abort', drop)
      }
    },
  }
}

/**
 * Waits for NATS within the time of one batch: the relay tells of every try that failed, and an outage of hours is not
 * worth a line a second.
 */
async function openPatiently(line: Line, signal: AbortSignal): Promise<Connection> {
  const until = performance.now() + patience.forMs
  for (let rest = patience.restMs; ; rest = Math.min(patience.restMostMs, rest * 2)) {
    try {
      return await line.open(signal)
    } catch (error) {
      if (performance.now() > until) throw error
      await delay(rest, undefined, { signal })
    }
  }
}

/** The server said no, so it is there and the connection is well. */
const isAnswer = (error: unknown): boolean => error instanceof Error && error.name === 'JetStreamApiError'
