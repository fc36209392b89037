// An erased person's messages, overwritten one by one: a purge by subject would leave their bytes on the disk. The
// person's partition is read, a 64th of a stream, because a subject for each person would cost NATS memory for each.
import { fromBinary } from '@bufbuild/protobuf'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { type Family, partitionOf } from './families.ts'
import type { Connection, Line } from './line.ts'
import { findStream } from './streams.ts'

const readAtOnce = 500
const readWithinMs = 5_000

/** Answers how many messages were overwritten. Safe to run again. */
export async function forgetOnStreams(
  line: Line,
  families: readonly Family[],
  { personId, signal }: { personId: string; signal: AbortSignal },
): Promise<number> {
  const connection = await line.open(signal)
  let gone = 0
  for (const family of families)
    if (await findStream(connection, family.stream))
      gone += await forgetOn(connection, family, personId, signal)
  return gone
}

async function forgetOn(
  { js, manager }: Connection,
  { stream, subjects }: Family,
  personId: string,
  signal: AbortSignal,
): Promise<number> {
  const partition = partitionOf(personId)
  const consumer = await js.consumers.get(stream, {
    filter_subjects: subjects.map(subject => `${subject}.${partition}`),
  })
  let gone = 0
  for (let pending = (await consumer.info()).num_pending; pending > 0; ) {
    signal.throwIfAborted()
    const messages = await consumer.fetch({
      max_messages: Math.min(readAtOnce, pending),
      expires: readWithinMs,
    })
    let came = false
    for await (const message of messages) {
      came = true
      pending = message.info.pending
      if (personOf(message.data) !== personId) continue
      await manager.streams.deleteMessage(stream, message.seq, true)
      gone += 1
    }
    if (!came) throw new Error(`${stream} stopped in the middle; it is read again.`)
  }
  return gone
}

function personOf(data: Uint8Array): string | undefined {
  try {
    return fromBinary(EnvelopeSchema, data).personId
  } catch {
    // Not one of ours, so nobody's here.
    return undefined
  }
}
