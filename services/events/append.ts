import { create, toBinary } from '@bufbuild/protobuf'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { type Ctx, newId, onCommit, type Tx } from '@oo/kernel'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import { isSpanContextValid, trace } from '@opentelemetry/api'
import { type Happened, subjects } from './door.ts'
import { insertEvent } from './store.ts'

const schemaVersion = 1

/** Writes the event beside the rows it tells of; `committed` runs once both are durable. */
export async function append(
  ctx: Ctx,
  tx: Tx,
  input: { personId: string | null; happened: Happened; committed: (event: Envelope) => void },
): Promise<void> {
  const { personId, happened } = input
  const at = ctx.clock.now()
  const envelope = create(EnvelopeSchema, {
    id: newId(ctx),
    type: subjects[happened.case],
    at: timestampFromDate(at),
    personId: personId ?? '',
    schemaVersion,
    ...tracing(),
    payload: happened,
  })
  await insertEvent(tx, {
    id: envelope.id,
    subject: envelope.type,
    personId,
    at,
    envelope: Buffer.from(toBinary(EnvelopeSchema, envelope)),
  })
  onCommit(tx, () => input.committed(envelope))
}

/** The W3C traceparent of what is being done, so that its consequences join the same trace. */
function tracing(): { traceId: string; traceParent: string } {
  const span = trace.getActiveSpan()?.spanContext()
  if (!span || !isSpanContextValid(span)) return { traceId: '', traceParent: '' }
  const flags = span.traceFlags.toString(16).padStart(2, '0')
  return { traceId: span.traceId, traceParent: `00-${span.traceId}-${span.spanId}-${flags}` }
}
