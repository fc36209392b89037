import { randomUUID } from 'node:crypto'
import { toBinary } from '@bufbuild/protobuf'
import type { Msg } from '@nats-io/transport-node'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import { subjectOf } from './families.ts'
import { type Connection, takesBatches } from './line.ts'

/** Below the relay's limit for one batch. */
const acknowledgeWithinMs = 15_000

/** Adds all of them to the stream in their order. */
export async function publishInOrder(
  connection: Connection,
  stream: string,
  events: readonly Envelope[],
): Promise<void> {
  const isMany = events.length > 1 && takesBatches(connection)
  if (isMany && (await publishTogether(connection, stream, events))) return
  await publishEach(connection, stream, events)
}

/**
 * All or none, synced once instead of once a message, which is what a backlog waits for. False when the server refused:
 * it has none of them then. It refuses, for one, a batch with an id that it knows already.
 */
async function publishTogether(
  { nats, headers }: Connection,
  stream: string,
  events: readonly Envelope[],
): Promise<boolean> {
  const batch = randomUUID()
  for (const [at, event] of events.entries()) {
    const isLast = at === events.length - 1
    const about = headers()
    about.set('Nats-Msg-Id', event.id)
    about.set('Nats-Expected-Stream', stream)
    about.set('Nats-Batch-Id', batch)
    about.set('Nats-Batch-Sequence', String(at + 1))
    if (isLast) about.set('Nats-Batch-Commit', '1')
    const [subject, data] = [subjectOf(event), toBinary(EnvelopeSchema, event)]
    if (at > 0 && !isLast) {
      nats.publish(subject, data, { headers: about })
      continue
    }
    const answer = await nats.request(subject, data, { headers: about, timeout: acknowledgeWithinMs })
    if (isLast) return countOf(answer) === events.length
    // A batch that has begun is answered with nothing.
    if (answer.data.length > 0) return false
  }
  return true
}

/** How many messages the server says the batch had; zero when it says anything else. */
function countOf(answer: Msg): number {
  const said: unknown = answer.json()
  return said instanceof Object && 'count' in said && !('error' in said) ? Number(said.count) : 0
}

/**
 * Sends all at once and waits for every acknowledgement. Each one expects its predecessor to be the stream's newest:
 * when one is refused, those behind it are refused too, so that a second try keeps the order.
 */
async function publishEach({ js }: Connection, stream: string, events: readonly Envelope[]): Promise<void> {
  const sent = events.map((event, index) => {
    const before = events[index - 1]
    return js.publish(subjectOf(event), toBinary(EnvelopeSchema, event), {
      msgID: event.id,
      timeout: acknowledgeWithinMs,
      retries: 0,
      expect: { streamName: stream, ...(before && { lastMsgID: before.id }) },
    })
  })
  const answers = await Promise.allSettled(sent)
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
}
