import { toBinary } from '@bufbuild/protobuf'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import { subjectOf } from './families.ts'
import type { Connection } from './line.ts'

/** Below the relay's limit for one batch. */
const acknowledgeWithinMs = 15_000

/**
 * Sends all at once and waits for every acknowledgement. Each one expects its predecessor to be the stream's newest:
 * when one is refused, those behind it are refused too, so that a second try keeps the order.
 */
export async function publishInOrder(
  { js }: Connection,
  stream: string,
  events: readonly Envelope[],
): Promise<void> {
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
