// An event goes on in the trace of what caused it: being applied and being delivered are steps of that trace.
import { clone } from '@bufbuild/protobuf'
import { inSpan, openSpan, type Tx, traceParentOf } from '@oo/kernel'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import type { Forwarder, Subscriber } from './door.ts'

export const applyStep = (subscriber: Subscriber, tx: Tx, event: Envelope): Promise<void> =>
  event.traceParent
    ? inSpan(`apply ${event.type}: ${subscriber.name}`, { kind: 'consumer', parent: event.traceParent }, () =>
        subscriber.handle(tx, event),
      )
    : subscriber.handle(tx, event)

/** Whoever receives an event goes on from the step that delivered it. */
export async function deliverSteps(
  forwarder: Forwarder,
  events: readonly Envelope[],
  signal: AbortSignal,
): Promise<void> {
  const steps = events.map(event => {
    const span = event.traceParent
      ? openSpan(`deliver ${event.type}: ${forwarder.name}`, { kind: 'client', parent: event.traceParent })
      : undefined
    const traceParent = span?.isRecording() && traceParentOf(span)
    return { span, event: traceParent ? Object.assign(clone(EnvelopeSchema, event), { traceParent }) : event }
  })
  try {
    await forwarder.deliver(
      steps.map(({ event }) => event),
      signal,
    )
  } finally {
    for (const { span } of steps) span?.end()
  }
}
