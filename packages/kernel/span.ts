import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

export interface SpanAbout {
  kind?: 'server' | 'client' | 'consumer'
  /** W3C traceparent of what caused it; without one it belongs to what is being done. */
  parent?: string | undefined
  attributes?: Attributes
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER }

/** Does `work` as one step of a trace; where nobody collects traces, it only does it. */
export async function inSpan<T>(
  name: string,
  about: SpanAbout,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = openSpan(name, about)
  if (!span.isRecording()) return work(span)
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span))
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'failed' })
    throw error
  } finally {
    span.end()
  }
}

/** A step that its caller ends, for several that run at once. */
export function openSpan(name: string, { kind, parent, attributes }: SpanAbout): Span {
  return trace
    .getTracer('oo')
    .startSpan(
      name,
      { ...(kind && { kind: kinds[kind] }), ...(attributes && { attributes }) },
      parent ? traceContextOf(parent) : context.active(),
    )
}

/** The W3C traceparent of a span or of what is being done; undefined where nobody traces. */
export function traceParentOf(span: Span | undefined = trace.getSpan(context.active())): string | undefined {
  const found = span?.spanContext()
  if (!found || !isSpanContextValid(found)) return undefined
  return `00-${found.traceId}-${found.spanId}-${found.traceFlags.toString(16).padStart(2, '0')}`
}

const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** To go on from a W3C traceparent; what is none begins a trace of its own. */
export function traceContextOf(traceParent: string): Context {
  const [, traceId = '', spanId = '', flags = '0'] = form.exec(traceParent) ?? []
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
}
