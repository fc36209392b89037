// The door's step of a trace, where somebody collects them: it goes to the collector by OTLP over HTTP in JSON. A page
// server needs no more than this, so it carries no tracing library.
import { randomBytes } from 'node:crypto'

export interface Step {
  /** The W3C traceparent to hand on. */
  traceparent: string
  end(): void
}
export type Traces = (name: string, parent: string | undefined) => Step

const flushEveryMs = 500
const mostWaiting = 1_000
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/

export function openTraces(collector: string, processName: string): Traces {
  const waiting: object[] = []
  const send = () => {
    const spans = waiting.splice(0)
    const attributes = [{ key: 'service.name', value: { stringValue: processName } }]
    const body = JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] })
    fetch(`${collector}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(2_000),
    }).then(
      answer => answer.body?.cancel(),
      () => undefined,
    )
  }
  return (name, parent) => {
    const [, traceId = randomBytes(16).toString('hex'), parentSpanId] = form.exec(parent ?? '') ?? []
    const spanId = randomBytes(8).toString('hex')
    const startTimeUnixNano = nanos()
    return {
      traceparent: `00-${traceId}-${spanId}-01`,
      end() {
        if (waiting.length >= mostWaiting) return
        if (waiting.length === 0) setTimeout(send, flushEveryMs).unref()
        const times = { startTimeUnixNano, endTimeUnixNano: nanos() }
        waiting.push({ traceId, spanId, ...(parentSpanId && { parentSpanId }), name, kind: 2, ...times })
      },
    }
  }
}

const nanos = (): string => String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)))
