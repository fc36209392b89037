// An event goes on in the trace of what caused it: being applied and being delivered are steps of that trace.
import { clone } from '@bufbuild/protobuf'
import { inSpan, openSpan, type Tx, traceParentOf } from '@oo/kernel'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import type { Forwarder, InBatches, OneByOne, PartOfLog } from './door.ts'

export const applyStep = (subscriber: OneByOne, tx: Tx, event: Envelope): Promise<void> =>
  event.traceParent
    ? inSpan(`apply ${event.type}: ${subscriber.name}`, { kind: 'consumer', parent: event.traceParent }, () =>
        subscriber.handle(tx, event),
      )
    : subscriber.handle(tx, event)

export const applySteps = (subscriber: InBatches, tx: Tx, events: readonly Envelope[]): Promise<void> =>
  inSteps(events, { verb: 'apply', name: subscriber.name, kind: 'consumer' }, stepped =>
    subscriber.handleAll(tx, stepped),
  )

export const deliverSteps = (
  forwarder: Forwarder,
  events: readonly Envelope[],
  { signal, part }: { signal: AbortSignal; part: PartOfLog },
): Promise<void> =>
  inSteps(events, { verb: 'deliver', name: forwarder.name, kind: 'client' }, stepped =>
    forwarder.deliver(stepped, signal, part),
  )

/** Whoever receives an event goes on from the step that handed it on. */
async function inSteps(
  events: readonly Envelope[],
  { verb, name, kind }: { verb: string; name: string; kind: 'client' | 'consumer' },
  work: (events: readonly Envelope[]) => Promise<void>,
): Promise<void> {
  const steps = events.map(event => {
    const span = event.traceParent
      ? openSpan(`${verb} ${event.type}: ${name}`, { kind, parent: event.traceParent })
      : undefined
    const traceParent = span?.isRecording() && traceParentOf(span)
    return { span, event: traceParent ? Object.assign(clone(EnvelopeSchema, event), { traceParent }) : event }
  })
  try {
    await work(steps.map(({ event }) => event))
  } finally {
    for (const { span } of steps) span?.end()
  }
}
