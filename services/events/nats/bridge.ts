// The bridge from the log to NATS JetStream: a forwarder for each family of events. It only reads the log, so no
// request of a person waits for it, and what it could not hand on waits in the log.
import type { HealthPart, Log } from '@oo/kernel'
import { metrics } from '@opentelemetry/api'
import { type Forwarder, subjects } from '../door.ts'
import { familiesOf } from './families.ts'
import { forgetOnStreams } from './forget.ts'
import { type Counts, familyForwarder } from './forwarder.ts'
import { type Line, openLine } from './line.ts'
import type { StreamLimits } from './streams.ts'

export interface NatsBridge {
  forwarders: readonly Forwarder[]
  health: HealthPart
  /** Overwrites what the streams hold of a person; answers how many messages that were. */
  forget(personId: string, signal: AbortSignal): Promise<number>
  stop(): Promise<void>
}

export function createNatsBridge(url: string, limits: StreamLimits, log: Log): NatsBridge {
  const line = openLine(url, log)
  const counts = countsOf()
  const families = familiesOf(Object.values(subjects))
  return {
    forwarders: families.map(family => familyForwarder(family, { line, limits, counts })),
    health: { name: 'nats', check: signal => natsHealth(line, signal) },
    forget: (personId, signal) => forgetOnStreams(line, families, { personId, signal }),
    stop: () => line.stop(),
  }
}

function countsOf(): Counts {
  const meter = metrics.getMeter('oo')
  const published = meter.createCounter('nats_published', {
    description: 'Events that JetStream acknowledged, by family',
  })
  const refused = meter.createCounter('nats_refused', {
    description: 'Batches that JetStream did not take, by family; they come again',
  })
  return {
    published: (family, count) => published.add(count, { family }),
    refused: family => refused.add(1, { family }),
  }
}

async function natsHealth(line: Line, signal: AbortSignal): Promise<string | undefined> {
  try {
    const connection = await line.open(signal)
    try {
      await connection.manager.getAccountInfo()
      return undefined
    } catch (error) {
      await line.drop(connection)
      throw error
    }
  } catch {
    return 'NATS (NATS_URL) does not answer: events wait in the log and are mirrored when it is back.'
  }
}
