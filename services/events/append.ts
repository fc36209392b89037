import { create, toBinary } from '@bufbuild/protobuf'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { type Ctx, newId, onCommit, type Tx } from '@oo/kernel'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import { context, isSpanContextValid, trace } from '@opentelemetry/api'
import { type Happening, subjects } from './door.ts'
import { insertEvents } from './store/log.ts'

const schemaVersion = 1

/** Writes events beside the rows they tell of; `committed` runs for each once all are durable. */
export async function append(
  ctx: Ctx,
  tx: Tx,
  input: { happenings: readonly Happening[]; committed: (event: Envelope) => void },
): Promise<void> {
  if (input.happenings.length === 0) return
  const at = ctx.clock.now()
  const written = input.happenings.map(({ personId, happened, within }) => {
    const envelope = create(EnvelopeSchema, {
      id: newId(ctx),
      type: subjects[happened.case],
      at: timestampFromDate(at),
      personId: personId ?? '',
      schemaVersion,
      ...tracing(within),
      payload: happened,
    })
    return { personId, at, envelope }
  })
  await insertEvents(
    tx,
    written.map(({ personId, at, envelope }) => ({
      id: envelope.id,
      subject: envelope.type,
      personId,
      at,
      envelope: Buffer.from(toBinary(EnvelopeSchema, envelope)),
    })),
  )
  onCommit(tx, () => {
    for (const { envelope } of written) input.committed(envelope)
  })
}

/** The W3C traceparent of what is being done, so that its consequences join the same trace. */
function tracing(within = context.active()): { traceId: string; traceParent: string } {
  const span = trace.getSpanContext(within)
  if (!span || !isSpanContextValid(span)) return { traceId: '', traceParent: '' }
  const flags = span.traceFlags.toString(16).padStart(2, '0')
  return { traceId: span.traceId, traceParent: `00-${span.traceId}-${span.spanId}-${flags}` }
}
